/** Puts programs into the machine's memory. */
package io.flatview.examples.virt64.load;
