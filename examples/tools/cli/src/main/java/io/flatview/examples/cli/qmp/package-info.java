/** Asks a running QEMU through its machine protocol. */
package io.flatview.examples.cli.qmp;
