package io.flatview.iommu.riscv;

/**
 * The ways in which an IOMMU may signal its own interrupts: the field {@code IGS} of {@code capabilities} (section
 * 5.3).
 */
public enum InterruptGeneration {
  /** Messages only: {@code fctl.WSI} is 0. */
  MESSAGES,
  /** Wires only: {@code fctl.WSI} is 1. */
  WIRES,
  /** Either, as {@code fctl.WSI} says; wires after reset. */
  BOTH;

  /** The encoding in {@code capabilities}. */
  long encoding() {
    return ordinal();
  }
}
