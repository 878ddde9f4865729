/** A RISC-V hart: RV64IMAC with machine, supervisor and user mode. */
package io.flatview.examples.virt64.hart;
