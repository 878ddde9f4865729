package io.flatview.iommu.riscv;

/** The interrupt wires of an IOMMU (section 5.18: wire-signalled interrupts). */
@FunctionalInterface
public interface WiredInterrupts {

  /**
   * Called when a wire changes its level, one call at a time; must not block. The calling thread is the one that causes
   * the change: one that accesses registers, makes a device's access, runs a task of the IOMMU, or reclaims.
   *
   * @param vector the number of the wire, 0 to 15, as in {@code icvec}
   * @param asserted the new level of the wire, true if it signals an interrupt
   */
  void set(int vector, boolean asserted);
}
