package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A memory system that is dropped without a close gives back what it holds, and says where it was made. */
class DroppedMemoryTest {

  private static final Logger LOGGER = Logger.getLogger("io.flatview.dispatch.ram.Origin");

  /** The methods whose memory systems must be reported, or must not. */
  private static final Set<String> MAKING = Set.of("makeAndDrop", "aClosedMemorySystemIsNotReported");

  private final List<LogRecord> warnings = new CopyOnWriteArrayList<>();
  private final Handler collecting = new Handler() {
    @Override
    public void publish(LogRecord warning) {
      if (isMadeHere(warning.getThrown())) {
        warnings.add(warning);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @TempDir
  private Path folder;

  @BeforeEach
  void collectWarnings() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(collecting);
  }

  @AfterEach
  void logAsBefore() {
    LOGGER.removeHandler(collecting);
    LOGGER.setUseParentHandlers(true);
  }

  /** Other tests drop memory systems, too, and the collector may come to them in this one. */
  private static boolean isMadeHere(Throwable origin) {
    return Arrays.stream(origin.getStackTrace()).anyMatch(frame -> MAKING.contains(frame.getMethodName()));
  }

  /** The flavours; a policy that reclaims by hand holds on to what was retired. */
  static List<?> policies() {
    return OnAPolicy.policies().skip(1).toList();
  }

  private static void collectUntil(BooleanSupplier done) {
    Await.until("what was dropped is collected", () -> {
      System.gc();
      return done.getAsBoolean();
    });
  }

  /** Uses all that a thread keeps: its own reader, a device's callback, a window that is left open. */
  private void makeAndDrop(ReclaimPolicy policy) throws IOException {
    DispatchMemory memory = DispatchMemory.create(policy);
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    AddressSpace space = memory.addressSpace("memory", system);
    Path file = Files.write(Files.createTempFile(folder, "rom", ""), new byte[4096]);
    RamBacking image = RamBacking.file(file, 0, Size.kib(4), RamBacking.Sharing.READ_ONLY);
    memory.update(tx -> tx
        .addSubregion(system, 0, memory.ram("ram", Size.mib(1)))
        .addSubregion(system, 0x1000_0000, memory.rom("rom", image))
        .addSubregion(system, 0x2000_0000, memory.mmio("device", Size.kib(4), callingBack(memory))));
    memory.reader().store(space, 0, 8, 1);
    memory.reader().load(space, 0x1000_0000, 8);
    memory.reader().store(space, 0x2000_0000, 4, 1);
    assertTrue(space.map(0, 16, Access.READ) instanceof MapResult.Whole);
    assertThrows(IllegalStateException.class, policy::close);
    Reference.reachabilityFence(memory); // or it might be collected before the policy is asked
  }

  private static MmioHandler callingBack(DispatchMemory memory) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        memory.update(_ -> {});
      }
    };
  }

  @ParameterizedTest
  @MethodSource("policies")
  void whatIsDroppedIsGivenBackAndNamed(Supplier<ReclaimPolicy> made) throws Exception {
    ReclaimPolicy policy = made.get();
    for (int i = 0; i < 10; i++) {
      makeAndDrop(policy);
    }
    collectUntil(() -> warnings.size() >= 10);
    assertEquals(10, warnings.size());
    assertTrue(List.of(warnings.getFirst().getThrown().getStackTrace()).stream()
        .anyMatch(frame -> frame.getMethodName().equals("makeAndDrop")));
    collectUntil(() -> closes(policy));
  }

  private static boolean closes(ReclaimPolicy policy) {
    try {
      policy.close();
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  /** Forbidden: memory that goes while a reader, an address space or a segment of it is still in use. */
  @ParameterizedTest
  @MethodSource("policies")
  void whatIsStillReachedThroughAReaderStays(Supplier<ReclaimPolicy> made) throws Exception {
    ReclaimPolicy policy = made.get();
    MapReader reader;
    AddressSpace space;
    {
      DispatchMemory memory = DispatchMemory.create(policy);
      space = memory.addressSpace("memory", memory.ram("ram", Size.mib(1)));
      reader = memory.newReader("reader");
      reader.store(space, 0x10, 8, 42);
    }
    for (int i = 0; i < 20; i++) {
      System.gc();
      Thread.sleep(5);
      assertEquals(42, reader.load(space, 0x10, 8));
    }
    Reference.reachabilityFence(space);
    reader.close();
    reader = null;
    space = null;
    collectUntil(() -> closes(policy));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aClosedMemorySystemIsNotReported(Supplier<ReclaimPolicy> made) throws Exception {
    ReclaimPolicy policy = made.get();
    {
      DispatchMemory memory = DispatchMemory.create(policy);
      AddressSpace space = memory.addressSpace("memory", memory.ram("ram", Size.mib(1)));
      memory.reader().store(space, 0x10, 8, 42);
      memory.close();
    }
    policy.close();
    for (int i = 0; i < 10; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(List.of(), warnings);
  }
}
