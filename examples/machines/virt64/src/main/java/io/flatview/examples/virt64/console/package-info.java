/** The machine's console on the standard streams of the host. */
package io.flatview.examples.virt64.console;
