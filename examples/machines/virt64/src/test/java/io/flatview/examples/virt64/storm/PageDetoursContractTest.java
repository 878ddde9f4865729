package io.flatview.examples.virt64.storm;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.contract.TranslatorContract;
import io.flatview.iommu.contract.TranslatorSubject;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;

/** Detours keep the contract of translators. They have a column for each page, so that a driver can map any. */
class PageDetoursContractTest extends TranslatorContract {

  private static final int PAGE = 0x1000;
  private static final int PAGES = 0x1000;

  private record Driver(PageDetours detours) implements TranslatorSubject {

    @Override
    public IommuTranslator translator() {
      return detours;
    }

    @Override
    public void map(long first, long size, long target, boolean writable) {
      lead(first, size, target - first);
    }

    @Override
    public void unmap(long first, long size) {
      lead(first, size, 0);
    }

    private void lead(long first, long size, long distance) {
      for (long at = first; at < first + size; at += PAGE) {
        detours.lead(detours.column(at), distance);
      }
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
    return new Driver(new PageDetours(to, new AddressRange(0, (long) PAGES * PAGE - 1), PAGES));
  }

  @Override
  protected long base() {
    return 0;
  }

  @Override
  protected boolean leadsStraightOn() {
    return true;
  }

  @Override
  protected boolean notifies() {
    return false;
  }
}
