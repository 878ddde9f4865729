/**
 * The RISC-V IOMMU, after "RISC-V IOMMU Architecture Specification" version 1.0; section numbers refer to it unless the
 * privileged architecture ("Priv", version 1.12) is named.
 */
package io.flatview.iommu.riscv;
