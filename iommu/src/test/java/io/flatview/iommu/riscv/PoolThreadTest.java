package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.ref.WeakReference;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Threads of pools outlive the machines that they ran. */
class PoolThreadTest {

  @Test
  void aThreadThatTranslatedKeepsNoIommu() throws Exception {
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      WeakReference<RiscvIommu> gone = used(pool);
      Await.until("the IOMMU was collected", () -> {
        System.gc();
        return gone.refersTo(null);
      });
      assertFalse(pool.isShutdown());
    }
  }

  private static WeakReference<RiscvIommu> used(ExecutorService pool) throws Exception {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    DispatchMemory memory = DispatchMemory.create(policy);
    MemoryRegion.Container board = memory.container("board", Size.FULL);
    AddressSpace system = memory.addressSpace("system", board);
    memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.mib(1))));
    RiscvIommu iommu = new RiscvIommu(memory, system, policy, Capabilities.ALL, (_, _) -> {}, Runnable::run);
    iommu.registers().write(RegisterFile.DDTP, 8, 2);
    pool.submit(() -> translate(memory, iommu)).get();
    iommu.close();
    memory.close();
    policy.runGracePeriod();
    policy.close();
    return new WeakReference<>(iommu);
  }

  private static void translate(DispatchMemory memory, RiscvIommu iommu) {
    try (MapReader reader = memory.newReader("pool")) {
      try (ReadSection _ = reader.enter()) {
        iommu.translator(1).translate(0x1000, Access.READ, 0, reader, new IommuTlbEntry());
      }
    }
  }
}
