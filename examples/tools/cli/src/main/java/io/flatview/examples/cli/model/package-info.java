/** Model files: a machine's resolved regions together with the views that QEMU renders from them. */
package io.flatview.examples.cli.model;
