package io.flatview.iommu.contract;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;

/** Windows keep the contract. */
class WindowIommuContractTest extends TranslatorContract {

  /** Windows with a driver. */
  record Windows(WindowIommu iommu, AddressSpace memory) implements TranslatorSubject {

    @Override
    public IommuTranslator translator() {
      return iommu;
    }

    @Override
    public void map(long first, long size, long target, boolean writable) {
      iommu.map(new AddressRange(first, first + size - 1), memory, target,
          writable ? Permission.READ_WRITE : Permission.READ);
    }

    @Override
    public void unmap(long first, long size) {
      iommu.unmap(new AddressRange(first, first + size - 1));
    }

    @Override
    public void close() {}
  }

  @Override
  protected MemorySystem newSystem(ManualReclaimPolicy reclaim) {
    return DispatchMemory.create(reclaim);
  }

  @Override
  protected TranslatorSubject newSubject(MemorySystem in, AddressSpace to, ManualReclaimPolicy reclaim) {
    return new Windows(new WindowIommu(), to);
  }
}
