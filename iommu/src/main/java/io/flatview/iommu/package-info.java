/**
 * Translators for IOMMU regions, which lie between a device's bus-master address space and memory.
 *
 * <p>{@link io.flatview.iommu.WindowIommu} has a few windows, each with a target and a permission;
 * {@link io.flatview.iommu.riscv.RiscvIommu} is a machine's IOMMU, programmed by its guest. A translator of your own
 * implements {@link io.flatview.memory.IommuTranslator}, caches its walks in an {@link io.flatview.iommu.Iotlb}, and
 * orders its changes by an {@link io.flatview.iommu.ChangeOrder}. An {@link io.flatview.iommu.IommuModel} opens the
 * address spaces of devices, whichever translators it has.
 *
 * <pre>{@code
 * WindowIommu windows = new WindowIommu();
 * IommuModel model = device -> windows;
 * AddressSpace nic = model.busMaster(memory, "nic", 0x08);
 * AddressRange buffers = new AddressRange(0x10_0000, 0x10_ffff);
 * windows.map(buffers, system, 0x4000, Permission.READ_WRITE);
 *
 * try (MapReader dma = memory.newReader("nic")) {
 *   dma.store(nic, 0x10_1234, 4, 0x1122_3344); // 5234 of system
 *   dma.load(nic, 0x20_0000, 4);
 *   dma.lastResult(); // DECODE_ERROR: nothing is granted there
 * }
 *
 * windows.unmap(buffers); // the next section does not see it; after a grace period no reader does
 * }</pre>
 */
package io.flatview.iommu;
