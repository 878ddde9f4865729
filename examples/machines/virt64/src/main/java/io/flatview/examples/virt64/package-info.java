/** A RISC-V board on the public API: {@code flatview virt64}. */
package io.flatview.examples.virt64;
