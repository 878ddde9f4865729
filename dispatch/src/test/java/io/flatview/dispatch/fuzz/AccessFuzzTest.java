package io.flatview.dispatch.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.fuzz.FuzzOracle.Bent;
import io.flatview.dispatch.fuzz.FuzzOracle.Kind;
import io.flatview.dispatch.fuzz.FuzzOracle.Piece;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random accesses must do what the rules say. Longer with {@code -Dflatview.fuzz.seconds=600}; a failure names its
 * seed, which {@code -Dflatview.fuzz.seed} starts with.
 */
class AccessFuzzTest {

  private static final long SECONDS = Long.getLong("flatview.fuzz.seconds", 2);
  private static final long FIRST_SEED = Long.getLong("flatview.fuzz.seed", 1);
  private static final int MAP = 0x2400;
  private static final int PIECES = 24;
  private static final int ACCESSES = 400;
  private static final int LONGEST = 96;
  private static final int MUTANT_SEEDS = 300;

  @Test
  void everyAccessDoesWhatTheRulesSay() {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (long seed = FIRST_SEED; System.nanoTime() < end; seed++) {
      run(seed, Bent.NOTHING);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void anOracleThatBendsARuleIsCaught(Bent bent) {
    assertThrows(AssertionError.class, () -> {
      for (long seed = 1; seed <= MUTANT_SEEDS; seed++) {
        run(seed, bent);
      }
    });
  }

  private static void run(long seed, Bent bent) {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      new Run(memory, new Random(seed), bent).all();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      policy.runGracePeriod();
    }
  }

  /** One map, and accesses to it. */
  private static final class Run {

    private final DispatchMemory memory;
    private final Random random;
    private final List<Piece> pieces = new ArrayList<>();
    private final FuzzOracle oracle;
    private final AddressSpace space;
    private final MapReader reader;

    Run(DispatchMemory memory, Random random, Bent bent) {
      this.memory = memory;
      this.random = random;
      MemoryRegion.Container root = memory.container("root", Size.FULL);
      for (int i = 0; i < PIECES; i++) {
        place(root);
      }
      space = memory.addressSpace("space", root);
      reader = memory.newReader("fuzzer");
      oracle = new FuzzOracle(pieces, MAP, bent);
    }

    /** Later pieces hide earlier ones, as later siblings do. */
    private void place(MemoryRegion.Parent root) {
      int size = random.nextInt(3) == 0 ? 0x1000 : 1 + random.nextInt(120);
      int at = size == 0x1000 ? 0x1000 * random.nextInt(2) : random.nextInt(MAP - size);
      MemoryRegion region = region(at, size);
      memory.update(tx -> tx.addSubregion(root, at, region));
    }

    private MemoryRegion region(int at, int size) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      if (kind == Kind.DEVICE) {
        FuzzDevice device = new FuzzDevice(random, size);
        pieces.add(new Piece(kind, at, size, device.bytes.clone(), device));
        return memory.mmio("device", Size.bytes(size), device);
      }
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      MemoryRegion.Memory region =
          kind == Kind.RAM ? memory.ram("ram", Size.bytes(size)) : memory.rom("rom", Size.bytes(size));
      region.copyIn(0, MemorySegment.ofArray(bytes));
      pieces.add(new Piece(kind, at, size, bytes, null));
      return region;
    }

    void all() {
      for (int i = 0; i < ACCESSES; i++) {
        if (random.nextBoolean()) {
          one();
        } else {
          try (ReadSection _ = reader.enter()) {
            one();
          }
        }
      }
      pieces.stream().filter(piece -> piece.device() != null).forEach(
          piece -> assertArrayEquals(piece.bytes(), piece.device().bytes, "what " + piece + " holds in the end"));
      reader.close();
    }

    private void one() {
      int address = random.nextInt(MAP);
      int size = 1 << random.nextInt(4);
      ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      oracle.begin();
      switch (random.nextInt(4)) {
        case 0 -> load(address, size, order);
        case 1 -> store(address, size, order);
        case 2 -> read(address, random.nextInt(LONGEST));
        default -> write(address, random.nextInt(LONGEST));
      }
    }

    private static long ordered(long value, int size, ByteOrder order) {
      return order == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value) >>> (64 - 8 * size);
    }

    private void load(int address, int size, ByteOrder order) {
      long expected = ordered(oracle.load(address, size), size, order);
      long value = reader.load(space, address, size, order, MemTxAttrs.UNSPECIFIED);
      String what = "load of " + size + " at 0x" + Integer.toHexString(address) + " " + order;
      assertEquals(Long.toHexString(expected), Long.toHexString(value), what);
      assertEquals(oracle.result(), reader.lastResult(), what);
    }

    private void store(int address, int size, ByteOrder order) {
      long value = random.nextLong();
      oracle.store(address, size, ordered(value, size, order));
      MemTxResult result = reader.store(space, address, size, value, order, MemTxAttrs.UNSPECIFIED);
      assertEquals(oracle.result(), result, "store of " + size + " at 0x" + Integer.toHexString(address));
    }

    private void read(int address, int length) {
      byte[] bytes = new byte[length];
      byte[] expected = oracle.read(address, length);
      MemTxResult result = reader.read(space, address, bytes, 0, length);
      String what = "read of " + length + " at 0x" + Integer.toHexString(address);
      assertArrayEquals(expected, bytes, what);
      assertEquals(oracle.result(), result, what);
    }

    private void write(int address, int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      oracle.write(address, bytes);
      MemTxResult result = reader.write(space, address, bytes, 0, length);
      assertEquals(oracle.result(), result, "write of " + length + " at 0x" + Integer.toHexString(address));
    }
  }
}
