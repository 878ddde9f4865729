package io.flatview.iommu;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;

/**
 * An IOMMU between devices and memory. A model with the same windows for all devices is {@code IommuModel model =
 * device -> windows}.
 */
@FunctionalInterface
public interface IommuModel {

  /**
   * The translator of a device's addresses.
   *
   * @param device the number of the device; the model defines the numbers and their bounds
   * @return the same translator for each call with the same number
   */
  IommuTranslator translator(int device);

  /**
   * Opens a device's bus-master address space, through which the device reads and writes memory.
   *
   * @param system the memory system that makes the address space and its root
   * @param name the name of the space, and of the IOMMU region that is its root
   * @param device the number of the device, as in {@link #translator}
   * @return a new address space; its root is a {@link io.flatview.memory.MemoryRegion.Iommu} over all addresses
   */
  default AddressSpace busMaster(MemorySystem system, String name, int device) {
    return system.addressSpace(name, system.iommu(name, Size.FULL, translator(device)));
  }
}
