package io.flatview.examples.vhost.memory;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.contract.TranslatorContract;
import io.flatview.iommu.contract.TranslatorSubject;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;

/** The IOTLB keeps the contract of translators, with a front end that sends what a driver maps. */
class IotlbContractTest extends TranslatorContract {

  private static final int READ = 1;
  private static final int READ_WRITE = 3;

  private record FrontEnd(Iotlb iotlb) implements TranslatorSubject {

    @Override
    public IommuTranslator translator() {
      return iotlb;
    }

    @Override
    public void map(long first, long size, long target, boolean writable) {
      iotlb.update(new AddressRange(first, first + size - 1), target, writable ? READ_WRITE : READ);
    }

    @Override
    public void unmap(long first, long size) {
      iotlb.invalidate(new AddressRange(first, first + size - 1));
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
    Iotlb iotlb = new Iotlb();
    iotlb.leadTo(to);
    return new FrontEnd(iotlb);
  }

  @Override
  protected boolean notifies() {
    return false;
  }
}
