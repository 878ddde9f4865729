package io.flatview.iommu;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;

/**
 * An IOMMU, which stands between devices and memory. A model that keeps windows for all devices alike is
 * {@code IommuModel model = device -> windows}.
 */
@FunctionalInterface
public interface IommuModel {

  /**
   * The translator of a device's addresses.
   *
   * @param device its number, as the model counts them
   * @return the same translator for each call with the same number
   */
  IommuTranslator translator(int device);

  /**
   * Opens a device's bus-master address space: what the device sees when it reads and writes memory.
   *
   * @param system where
   * @param name of the space and of the IOMMU region that is its root
   * @param device its number, as the model counts them
   * @return a new address space; its root is a {@link io.flatview.memory.MemoryRegion.Iommu} over all addresses
   */
  default AddressSpace busMaster(MemorySystem system, String name, int device) {
    return system.addressSpace(name, system.iommu(name, Size.FULL, translator(device)));
  }
}
