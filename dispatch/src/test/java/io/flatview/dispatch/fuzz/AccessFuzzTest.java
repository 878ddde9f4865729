package io.flatview.dispatch.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.fuzz.FuzzOracle.Bent;
import io.flatview.dispatch.fuzz.FuzzPiece.Kind;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.Size;
import io.flatview.memory.TappedAccess;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
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

  /** Of a bus that shows less than the map. */
  private static final int LINES = 13;

  private static final int PIECES = 24;
  private static final int ACCESSES = 400;
  private static final int LONGEST = 96;
  private static final int MUTANT_SEEDS = 300;
  private static final int FEW_SEEDS = 8;

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

  /** They find, or report what was written; other tests try them. */
  private static final Set<String> NO_ACCESSES =
      Set.of("translate", "wrote");

  /** A way of access that is new in the API is tried here, or stands above. */
  @Test
  void everyWayOfAccessIsTried() {
    Set<String> tried = new TreeSet<>();
    for (long seed = 1; seed <= FEW_SEEDS; seed++) {
      run(seed, Bent.NOTHING, reader -> noting(reader, tried));
    }
    tried.retainAll(ways());
    assertEquals(ways(), tried);
  }

  private static Set<String> ways() {
    Set<String> ways = new TreeSet<>();
    for (Method method : MapReader.class.getMethods()) {
      if (method.getParameterCount() > 0 && method.getParameterTypes()[0] == AddressSpace.class) {
        ways.add(method.getName());
      }
    }
    ways.removeAll(NO_ACCESSES);
    return ways;
  }

  private static MapReader noting(MapReader reader, Set<String> tried) {
    return (MapReader) Proxy.newProxyInstance(
        MapReader.class.getClassLoader(), new Class<?>[] {MapReader.class}, (_, method, arguments) -> {
          tried.add(method.getName());
          return method.invoke(reader, arguments);
        });
  }

  private static void run(long seed, Bent bent) {
    run(seed, bent, UnaryOperator.identity());
  }

  private static void run(long seed, Bent bent, UnaryOperator<MapReader> through) {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      new Run(memory, new Random(seed), bent, through).all();
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
    private final List<FuzzPiece> pieces = new ArrayList<>();
    private final List<MemoryRegion.RomDevice> romDevices = new ArrayList<>();
    private final List<FuzzTap> taps = new ArrayList<>();
    private final List<MemoryRegion.Bank> banks = new ArrayList<>();
    private final List<MemoryRegion> regions = new ArrayList<>();

    /** The calls of taps for the present access. */
    private final List<String> told = new ArrayList<>();

    private final FuzzOracle oracle;
    private final FuzzHop hop;
    private final MemoryRegion.Iommu iommu;
    private final AddressSpace direct;
    private final AddressSpace behind;
    private final AddressSpace narrow;
    private final MapReader reader;

    /** Where the present access is made. */
    private AddressSpace space;

    Run(DispatchMemory memory, Random random, Bent bent, UnaryOperator<MapReader> through) {
      this.memory = memory;
      this.random = random;
      MemoryRegion.Container root = memory.container("root", Size.FULL);
      for (int i = 0; i < PIECES; i++) {
        place(root);
      }
      direct = memory.addressSpace("direct", root);
      narrow = memory.addressSpace("narrow", memory.alias("low", root, 0, Size.bytes(1 << LINES)),
          AddressSpaceOptions.DEFAULT.withAddressBits(LINES));
      hop = new FuzzHop(random, MAP);
      hop.target = direct;
      iommu = memory.iommu("iommu", Size.FULL, hop);
      behind = memory.addressSpace("behind", iommu);
      reader = through.apply(memory.newReader("fuzzer"));
      oracle = new FuzzOracle(pieces, taps, MAP, hop, bent);
    }

    /** Later pieces hide earlier ones, as later siblings do. */
    private void place(MemoryRegion.Parent root) {
      int size = random.nextInt(3) == 0 ? 0x1000 : 1 + random.nextInt(120);
      int at = size == 0x1000 ? 0x1000 * random.nextInt(2) : random.nextInt(MAP - size);
      MemoryRegion region = region(at, size);
      regions.add(region);
      if (random.nextInt(4) == 0) {
        pieces.getLast().noFetch = true;
        memory.update(tx -> tx.setNoFetch(region, true));
      }
      if (random.nextInt(3) == 0) {
        placeWindow(root, region, pieces.getLast());
      } else {
        show(root, at, region);
      }
    }

    /** Some are what a bank selects, among other variants. */
    private void show(MemoryRegion.Parent root, long at, MemoryRegion region) {
      if (random.nextInt(4) != 0) {
        memory.update(tx -> tx.addSubregion(root, at, region));
        return;
      }
      int number = random.nextInt(3);
      MemoryRegion.Bank bank = memory.bank("bank", region.size(), 3);
      MemoryRegion.Reserved other = memory.reserved("not selected", region.size());
      memory.update(tx -> tx.setVariant(bank, number, region).setVariant(bank, (number + 1) % 3, other)
          .addSubregion(root, at, bank));
      bank.select(number);
      banks.add(bank);
    }

    /** Selects something else, has the reader meet it, and selects again what the oracle knows. */
    private void switchBanks() {
      for (MemoryRegion.Bank bank : banks) {
        int number = bank.selected();
        bank.select(random.nextInt(4) - 1);
        try (ReadSection _ = reader.enter()) {
          reader.translate(random.nextBoolean() ? direct : narrow, bank.address(), 1, Access.READ);
        }
        bank.select(number);
      }
    }

    /** A part of the region shows, through an alias. */
    private void placeWindow(MemoryRegion.Parent root, MemoryRegion region, FuzzPiece piece) {
      piece.showOnly(random.nextInt(piece.size), random.nextInt(piece.size));
      int from = piece.from();
      MemoryRegion.Alias window = memory.alias("window", region, from - piece.at, Size.bytes(piece.to() - from));
      show(root, from, window);
    }

    private MemoryRegion region(int at, int size) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      FuzzDevice device = kind == Kind.DEVICE || kind == Kind.ROM_DEVICE ? new FuzzDevice(random, size) : null;
      byte[] bytes = kind == Kind.DEVICE ? null : new byte[size];
      pieces.add(new FuzzPiece(kind, at, size, bytes, device));
      return switch (kind) {
        case DEVICE -> memory.mmio("device", Size.bytes(size), device);
        case ROM_DEVICE -> romDevice(filled(memory.romDevice("flash", Size.bytes(size), device), bytes));
        case RAM -> filled(memory.ram("ram", Size.bytes(size)), bytes);
        case ROM -> filled(memory.rom("rom", Size.bytes(size)), bytes);
      };
    }

    private MemoryRegion.RomDevice romDevice(MemoryRegion.RomDevice device) {
      romDevices.add(device);
      return device;
    }

    private <M extends MemoryRegion.Memory> M filled(M region, byte[] bytes) {
      random.nextBytes(bytes);
      region.copyIn(0, MemorySegment.ofArray(bytes));
      return region;
    }

    void all() {
      for (int i = 0; i < ACCESSES; i++) {
        if (random.nextInt(16) == 0) {
          change();
        }
        if (random.nextInt(4) == 0) {
          switchBanks();
        }
        if (random.nextBoolean()) {
          one();
        } else {
          try (ReadSection _ = reader.enter()) {
            switchBanks();
            one();
          }
        }
      }
      pieces.stream().filter(piece -> piece.device != null).forEach(
          piece -> assertArrayEquals(piece.bytes(true), piece.device.bytes, "what " + piece + " holds in the end"));
      assertEquals(List.of(), memory.compareWithRebuild());
      reader.close();
    }

    /** The IOMMU leads elsewhere or refuses a kind of access, or a ROM device changes its mode. */
    private void change() {
      hop.change();
      changeIommu();
      changeTaps();
      List<FuzzPiece> switched = pieces.stream().filter(piece -> piece.kind == Kind.ROM_DEVICE).toList();
      if (!switched.isEmpty()) {
        int which = random.nextInt(switched.size());
        FuzzPiece piece = switched.get(which);
        piece.romMode = !piece.romMode;
        memory.update(tx -> tx.setRomdMode(romDevices.get(which), piece.romMode));
      }
    }

    private void changeIommu() {
      hop.refused = new Access[] {null, null, Access.WRITE, Access.FETCH}[random.nextInt(4)];
      memory.update(tx -> tx
          .setReadOnly(iommu, hop.refuses(Access.WRITE))
          .setNoFetch(iommu, hop.refuses(Access.FETCH)));
    }

    private void changeTaps() {
      if (!taps.isEmpty() && random.nextInt(3) == 0) {
        taps.remove(random.nextInt(taps.size())).registration.close();
      } else if (taps.size() < 6) {
        attach();
      }
    }

    private void attach() {
      int which = random.nextInt(pieces.size());
      boolean wraps = random.nextInt(3) == 0;
      FuzzTap tap = random.nextBoolean()
          ? FuzzTap.on(pieces.get(which), random)
          : FuzzTap.on(wraps ? narrow : direct, random, wraps ? 1 << LINES : MAP);
      taps.add(tap);
      if (tap.space != null) {
        tap.registration = tap.stops
            ? memory.watch(tap.space, tap.filter, _ -> true)
            : memory.tap(tap.space, tap.filter, access -> note(tap, access));
      } else {
        tap.registration = tap.stops
            ? memory.watch(regions.get(which), tap.filter, _ -> true)
            : memory.tap(regions.get(which), tap.filter, access -> note(tap, access));
      }
    }

    /** The bytes in the tap's range, one by one: a transfer may call with larger pieces. */
    private void note(FuzzTap tap, TappedAccess access) {
      long shift = tap.space != null ? 0 : access.address() - access.offset();
      for (int i = 0; i < access.size(); i++) {
        if (tap.filter.range().contains(access.address() + i - shift)) {
          told.add(FuzzOracle.line(
              taps.indexOf(tap), access.access(), access.address() + i, access.value() >>> 8 * i));
        }
      }
    }

    private void one() {
      access();
      told.sort(null);
      assertEquals(oracle.told(), told, "what taps are told");
      told.clear();
    }

    private void access() {
      int address = random.nextInt(8) == 0 ? (1 << LINES) - 1 - random.nextInt(8) : random.nextInt(MAP);
      int size = 1 << random.nextInt(4);
      ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      boolean hops = random.nextInt(3) == 0;
      boolean wraps = !hops && random.nextInt(3) == 0;
      space = hops ? behind : wraps ? narrow : direct;
      oracle.begin(wraps ? narrow : direct, hops, wraps ? (1 << LINES) - 1 : -1);
      boolean stops = taps.stream().anyMatch(tap -> tap.stops);
      switch (random.nextInt(stops ? 8 : 11)) {
        case 0 -> load(address, size, order);
        case 1 -> store(address, size, order);
        case 2 -> fetch(address, size, order);
        case 3 -> exchange(random.nextInt(4) == 0 ? address : address & -size, size);
        case 4 -> fetchAndOp(random.nextInt(4) == 0 ? address : address & -size, size);
        case 5 -> peek(address, random.nextInt(LONGEST));
        case 6 -> poke(address, random.nextInt(LONGEST));
        case 7 -> predict(address, random.nextInt(LONGEST));
        case 8 -> read(address, random.nextInt(LONGEST));
        case 9 -> fill(address, random.nextInt(LONGEST), (byte) random.nextInt());
        default -> write(address, random.nextInt(LONGEST));
      }
    }

    private static long ordered(long value, int size, ByteOrder order) {
      return order == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value) >>> (64 - 8 * size);
    }

    private void load(int address, int size, ByteOrder order) {
      long expected = ordered(oracle.load(address, size, Access.READ), size, order);
      String what = "load of " + size + " at 0x" + Integer.toHexString(address) + " " + order;
      if (order == ByteOrder.LITTLE_ENDIAN && random.nextInt(4) == 0) {
        MemoryRegionCache cache = reader.cache(space, address - 3, size + 5);
        assertEquals(Long.toHexString(expected), Long.toHexString(cache.load(3, size)), what);
        assertEquals(oracle.result(), cache.lastResult(), what);
        return;
      }
      long value = reader.load(space, address, size, order, MemTxAttrs.UNSPECIFIED);
      assertEquals(Long.toHexString(expected), Long.toHexString(value), what);
      assertEquals(oracle.result(), reader.lastResult(), what);
    }

    private void fetch(int address, int size, ByteOrder order) {
      long expected = ordered(oracle.load(address, size, Access.FETCH), size, order);
      long value = reader.fetch(space, address, size, order, MemTxAttrs.UNSPECIFIED);
      String what = "fetch of " + size + " at 0x" + Integer.toHexString(address) + " " + order;
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
      byte[] expected = oracle.read(address, length, Access.READ);
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

    private void fill(int address, int length, byte value) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, value);
      oracle.write(address, bytes);
      MemTxResult result = reader.fill(space, address, length, value, MemTxAttrs.UNSPECIFIED);
      assertEquals(oracle.result(), result, "fill of " + length + " at 0x" + Integer.toHexString(address));
    }

    private void peek(int address, int length) {
      byte[] bytes = new byte[length];
      byte[] expected = oracle.peek(address, length);
      MemTxResult result = reader.peek(space, address, MemorySegment.ofArray(bytes));
      String what = "peek of " + length + " at 0x" + Integer.toHexString(address);
      assertArrayEquals(expected, bytes, what);
      assertEquals(oracle.result(), result, what);
    }

    private void poke(int address, int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      oracle.poke(address, bytes);
      MemTxResult result = reader.poke(space, address, MemorySegment.ofArray(bytes));
      assertEquals(oracle.result(), result, "poke of " + length + " at 0x" + Integer.toHexString(address));
    }

    private void predict(int address, int length) {
      Access access = Access.values()[random.nextInt(Access.values().length)];
      assertEquals(oracle.isAccessible(address, length, access),
          reader.isAccessible(space, address, length, access, MemTxAttrs.UNSPECIFIED),
          access + " of " + length + " at 0x" + Integer.toHexString(address));
    }

    private void exchange(int address, int size) {
      long value = random.nextLong();
      long guess = random.nextBoolean() ? random.nextLong() : reader.load(space, address, size);
      told.clear();
      long expected = oracle.compareAndExchange(address, size, guess, value);
      String what = "exchange of " + size + " at 0x" + Integer.toHexString(address);
      assertEquals(expected, reader.compareAndExchange(space, address, size, guess, value), what);
      assertEquals(oracle.result(), reader.lastResult(), what);
    }

    private void fetchAndOp(int address, int size) {
      AtomicOp op = AtomicOp.values()[random.nextInt(AtomicOp.values().length)];
      long operand = random.nextLong();
      long expected = oracle.fetchAndOp(address, size, op, operand);
      String what = op + " of " + size + " at 0x" + Integer.toHexString(address);
      assertEquals(expected, reader.fetchAndOp(space, address, size, op, operand), what);
      assertEquals(oracle.result(), reader.lastResult(), what);
    }
  }
}
