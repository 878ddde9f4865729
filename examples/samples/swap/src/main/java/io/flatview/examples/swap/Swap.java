package io.flatview.examples.swap;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import io.flatview.dispatch.guice.DispatchModule;
import io.flatview.dispatch.guice.FlatviewLifecycle;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import jakarta.inject.Inject;
import java.time.Duration;

/** Plugs RAM, uses it, and unplugs it, on the flavour that is on the class path. */
public final class Swap {

  private static final int ROUNDS = 100;

  private final MemorySystem memory;
  private final MemoryRegion.Container system;
  private final AddressSpace bus;

  @Inject
  Swap(MemorySystem memory) {
    this.memory = memory;
    this.system = memory.container("system", Size.FULL);
    this.bus = memory.addressSpace("memory", system);
  }

  /**
   * Runs it; exits with 1 if there is no single flavour.
   *
   * @param args no arguments are used
   * @throws InterruptedException never, as no thread interrupts this one
   */
  public static void main(String[] args) throws InterruptedException {
    Injector injector = Guice.createInjector(new DispatchModule());
    try {
      run(injector);
    } catch (ProvisionException e) {
      e.getErrorMessages().forEach(message -> System.err.println(message.getMessage()));
      System.exit(1);
    }
  }

  private static void run(Injector injector) throws InterruptedException {
    ReclaimPolicy policy;
    try (FlatviewLifecycle _ = injector.getInstance(FlatviewLifecycle.class)) {
      policy = injector.getInstance(ReclaimPolicy.class);
      Swap swap = injector.getInstance(Swap.class);
      System.out.println(policy.name() + ": read " + swap.plugAndUnplug() + " of " + ROUNDS);
    }
    ReclaimStatistics after = policy.statistics();
    System.out.println(after.retired() > 0 && after.backlog() == 0 ? "all reclaimed" : "left behind: " + after);
  }

  private int plugAndUnplug() throws InterruptedException {
    int right = 0;
    for (int round = 0; round < ROUNDS; round++) {
      MemoryRegion.Ram ram = memory.ram("ram" + round, Size.kib(64));
      memory.update(tx -> tx.addSubregion(system, 0, ram));
      right += readsBack(round) ? 1 : 0;
      CommitTicket unplugged = memory.update(tx -> tx.delSubregion(ram));
      right -= unplugged.awaitQuiesced(Duration.ofSeconds(60)) ? 0 : 1;
      ram.close();
    }
    return right;
  }

  private boolean readsBack(long value) {
    try (MapReader cpu = memory.newReader("cpu")) {
      return cpu.store(bus, 0x1000, 8, value).isOk() && cpu.load(bus, 0x1000, 8) == value;
    }
  }
}
