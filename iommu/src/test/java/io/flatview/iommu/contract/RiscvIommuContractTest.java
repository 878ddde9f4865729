package io.flatview.iommu.contract;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;

/** The RISC-V IOMMU keeps the contract, with a driver that maps single pages and invalidates each. */
class RiscvIommuContractTest extends TranslatorContract {

  private static final long TABLES = 0x40_0000;
  private static final long DIRECTORY = TABLES;
  private static final long ROOT = TABLES + 0x1000;
  private static final long MIDDLE = TABLES + 0x2000;
  private static final long LEAVES = TABLES + 0x8000;
  private static final long COMMANDS = TABLES + 0x1_8000;
  private static final long LEAF = 0xd3;
  private static final long WRITABLE = 4;
  private static final int ENTRIES = 256;

  /** One device behind it, whose table has 16 MiB of single pages. */
  private final class Driver implements TranslatorSubject {

    private final RiscvIommu iommu;
    private final AddressSpace memory;
    private final MapReader reader;
    private int tail;

    Driver(MemorySystem in, AddressSpace to, ManualReclaimPolicy reclaim) {
      memory = to;
      iommu = new RiscvIommu(in, to, reclaim, Capabilities.ALL, (_, _) -> {}, Runnable::run);
      reader = in.newReader("driver");
      for (int i = 0; i < 8; i++) {
        store(MIDDLE + 8 * (base() >>> 21 & 511) + 8 * i, LEAVES + 0x1000 * i >>> 2 | 1);
      }
      store(ROOT + 8 * (base() >>> 30), MIDDLE >>> 2 | 1);
      store(DIRECTORY, 1);
      store(DIRECTORY + 24, 8L << 60 | ROOT >>> 12);
      iommu.registers().write(24, 8, COMMANDS >>> 2 | 7);
      iommu.registers().write(72, 4, 1);
      iommu.registers().write(16, 8, DIRECTORY >>> 2 | 2);
    }

    private void store(long address, long value) {
      reader.store(memory, address, 8, value);
    }

    @Override
    public IommuTranslator translator() {
      return iommu.translator(0);
    }

    @Override
    public void map(long first, long size, long target, boolean writable) {
      for (long at = 0; at < size; at += 0x1000) {
        page(first + at, target + at >>> 2 | LEAF | (writable ? WRITABLE : 0));
      }
    }

    @Override
    public void unmap(long first, long size) {
      for (long at = 0; at < size; at += 0x1000) {
        page(first + at, 0);
      }
    }

    private void page(long address, long entry) {
      store(LEAVES + 8 * (address - base() >>> 12), entry);
      store(COMMANDS + 16 * tail, 1 | 1 << 10);
      store(COMMANDS + 16 * tail + 8, address >>> 12 << 10);
      tail = (tail + 1) % ENTRIES;
      iommu.registers().write(36, 4, tail);
    }

    @Override
    public void close() {
      iommu.close();
      reader.close();
    }
  }

  @Override
  protected MemorySystem newSystem(ManualReclaimPolicy reclaim) {
    return DispatchMemory.create(reclaim);
  }

  @Override
  protected TranslatorSubject newSubject(MemorySystem in, AddressSpace to, ManualReclaimPolicy reclaim) {
    return new Driver(in, to, reclaim);
  }
}
