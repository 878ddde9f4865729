package io.flatview.iommu.riscv;

/** The interrupt wires of an IOMMU (section 5.18: wire-signalled interrupts). */
@FunctionalInterface
public interface WiredInterrupts {

  /**
   * A wire changes its level. Called by the thread that causes it: one that accesses registers, a device's
   * whose access faults, or the one that reclaims; one call at a time. Must not block.
   *
   * @param vector which wire, 0 to 15, as {@code icvec} says
   * @param asserted its new level
   */
  void set(int vector, boolean asserted);
}
