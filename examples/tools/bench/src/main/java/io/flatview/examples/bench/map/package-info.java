/** The maps and address streams that translation is measured with, the same as those of QEMU's figures. */
package io.flatview.examples.bench.map;
