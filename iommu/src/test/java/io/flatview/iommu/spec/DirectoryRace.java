package io.flatview.iommu.spec;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A device that is translated all the time, while ddtp points to one directory and to the other in turn. Once the
 * accesses that were under way have ended, the device is where the register says; what must not happen: an access loads
 * the register, the register is written, the access looks into the old directory and keeps the context for the new.
 */
public final class DirectoryRace implements Supplier<String> {

  private static final long DIRECTORIES = 0x1000;
  private static final long ROOTS = 0x10_000;
  private static final long TARGETS = 0x4000_0000L;
  private static final long LEAF = 0xd7;
  private static final int PAGES = 256;

  private final long millis;
  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final AddressSpace system = memory.addressSpace("system", memory.ram("ram", Size.kib(256)));
  private final MapReader reader = memory.newReader("checks");
  private final RiscvIommu iommu =
      new RiscvIommu(memory, system, policy, Capabilities.ALL, (_, _) -> {}, Runnable::run);
  private final IommuTranslator device = iommu.translator(0);

  private volatile long accesses;
  private volatile boolean ended;

  /**
   * A race to be run.
   *
   * @param millis for how long, unless a wrong context is found before
   */
  public DirectoryRace(long millis) {
    this.millis = millis;
  }

  /** Runs it; gives what was wrong, or the empty string. */
  @Override
  public String get() {
    for (int which = 0; which < 2; which++) {
      long context = DIRECTORIES + 0x1000 * which;
      long root = ROOTS + 0x1000 * which;
      reader.store(system, context, 8, 1);
      reader.store(system, context + 24, 8, 8L << 60 | root >>> 12);
      reader.store(system, root, 8, TARGETS * which >>> 2 | LEAF);
    }
    Thread thread = Thread.ofPlatform().daemon().name("device").start(this::access);
    try {
      return turns(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    } finally {
      ended = true;
      close(thread);
    }
  }

  private String turns(long end) {
    for (int turn = 0; System.nanoTime() - end < 0; turn++) {
      int which = turn & 1;
      iommu.registers().write(16, 8, DIRECTORIES + 0x1000 * which >>> 2 | 2);
      long begun = accesses + 2;
      while (accesses < begun && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      long led = translate(reader, new IommuTlbEntry(), turn);
      if (accesses >= begun && led / TARGETS != which) {
        return "in turn " + turn + " the device is led to " + Long.toHexString(led);
      }
    }
    return "";
  }

  private void access() {
    MapReader own = memory.newReader("device");
    IommuTlbEntry entry = new IommuTlbEntry();
    for (int page = 0; !ended; page++) {
      translate(own, entry, page);
      accesses++;
    }
    own.close();
  }

  private long translate(MapReader by, IommuTlbEntry entry, int page) {
    long iova = page % PAGES * 0x1000L;
    try (ReadSection _ = by.enter()) {
      entry.deny();
      device.translate(iova, Access.READ, 0, by, entry);
      return entry.apply(iova);
    }
  }

  private void close(Thread thread) {
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    iommu.close();
    reader.close();
    memory.close();
    policy.runGracePeriod();
    policy.close();
  }
}
