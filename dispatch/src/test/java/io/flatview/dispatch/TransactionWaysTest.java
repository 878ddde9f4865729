package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every edit of a transaction does the same wherever the transaction begins: plainly, nested, in a device's callback
 * and in a listener's. The edits are found by reflection, so that a new one cannot be left out.
 */
class TransactionWaysTest {

  private static final int SEQUENCES = 10_000;
  private static final List<Method> EDITS = Arrays.stream(Transaction.class.getMethods())
      .filter(method -> method.getReturnType() == Transaction.class)
      .sorted(Comparator.comparing(Method::toString)).toList();

  /** Equal machines, each of which is changed in one way only. */
  private final Machine plain = new Machine();
  private final Machine nested = new Machine();
  private final Machine inADevice = new Machine();
  private final Machine inAListener = new Machine();
  private int changed;

  @BeforeEach
  void theyAreEqual() {
    assertAlike(-1);
  }

  @AfterEach
  void endWell() {
    Stream.of(plain, nested, inADevice, inAListener).forEach(Machine::close);
  }

  @Test
  void everyEditDoesTheSameInEveryTransaction() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      apply(seed, tx -> tx);
      assertAlike(seed);
    }
    assertTrue(changed > SEQUENCES / 10, "only " + changed + " sequences changed anything");
  }

  /** The twin: a mask that is computed when the edit is said, and not when it is made. */
  @Test
  void anEditThatIsEvaluatedTooEarlyIsCaught() {
    assertThrows(AssertionError.class, () -> {
      for (int seed = 0; seed < SEQUENCES; seed++) {
        apply(seed, TransactionWaysTest::hasty);
        assertAlike(seed);
      }
    });
  }

  private void apply(int seed, UnaryOperator<Transaction> bent) {
    String before = plain.shown();
    attempt(() -> plain.memory.update(tx -> plain.edit(tx, seed)));
    attempt(() -> {
      try (Transaction outer = nested.memory.begin()) {
        nested.memory.update(tx -> nested.edit(tx, seed));
        outer.commit();
      }
    });
    inADevice.callbackDoes = () -> inADevice.memory.update(tx -> inADevice.edit(bent.apply(tx), seed));
    inADevice.reader.store(inADevice.devices, 0, 4, 0);
    inAListener.listenerDoes = () -> attempt(() -> inAListener.memory.update(tx -> inAListener.edit(tx, seed)));
    inAListener.memory.update(tx -> tx.setEnabled(inAListener.bell, !inAListener.bell.isEnabled()));
    changed += plain.shown().equals(before) ? 0 : 1;
  }

  private static void attempt(Runnable change) {
    try {
      change.run();
    } catch (MapException _) {
      // A sequence that breaks a rule changes nothing, which the comparison sees.
    }
  }

  private void assertAlike(int seed) {
    String expected = plain.shown();
    assertEquals(expected, nested.shown(), () -> "nested, seed " + seed);
    assertEquals(expected, inADevice.shown(), () -> "in a device, seed " + seed);
    assertEquals(expected, inAListener.shown(), () -> "in a listener, seed " + seed);
  }

  private static Transaction hasty(Transaction tx) {
    return (Transaction) Proxy.newProxyInstance(
        Transaction.class.getClassLoader(), new Class<?>[] {Transaction.class}, (proxy, method, arguments) -> {
          if (method.getName().equals("startLog")) {
            MemoryRegion.Memory region = (MemoryRegion.Memory) arguments[0];
            tx.setDirtyLogMask(region, region.dirtyLogMask() | ((DirtyClient) arguments[1]).mask());
          } else {
            invoke(tx, method, arguments);
          }
          return proxy;
        });
  }

  private static void invoke(Transaction tx, Method edit, Object[] arguments) {
    try {
      edit.invoke(tx, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** Regions of all kinds, and two ways to be called back. */
  private static final class Machine implements AutoCloseable {

    final ManualReclaimPolicy policy = new ManualReclaimPolicy();
    final DispatchMemory memory = DispatchMemory.create(policy);
    final MapReader reader = memory.newReader("reader");
    final MemoryRegion.Container root = memory.container("root", Size.FULL);
    final MemoryRegion.Container bus = memory.container("bus", Size.kib(16));
    final List<MemoryRegion> regions = new ArrayList<>();
    final List<DirtyClient> clients = List.of(memory.dirtyClient("vga"), memory.dirtyClient("migration"));
    final List<Doorbell> doorbells = List.of(Doorbell.at(0, 4, () -> {}), Doorbell.at(8, () -> {}));
    final AddressSpace space;
    final AddressSpace devices;
    final MemoryRegion.Container bells = memory.container("bells", Size.kib(4));
    final MemoryRegion bell = memory.reserved("bell", Size.kib(1));
    Runnable callbackDoes = () -> {};
    Runnable listenerDoes = () -> {};

    Machine() {
      regions.add(bus);
      regions.add(memory.container("inner", Size.kib(8)));
      regions.add(memory.ram("dram", Size.kib(4)));
      regions.add(memory.ram("elastic", RamBacking.resizable(Size.kib(4), Size.kib(8))));
      regions.add(memory.rom("boot", Size.kib(4)));
      regions.add(memory.romDevice("flash", Size.kib(4), new Registers()));
      regions.add(memory.mmio("uart", Size.kib(4), new Registers()));
      regions.add(memory.mmio("rtc", Size.bytes(16), new Registers()));
      regions.add(memory.reserved("hole", Size.kib(4)));
      regions.add(memory.alias("window", bus, 0x1000, Size.kib(4)));
      regions.add(memory.alias("mirror", regions.get(2), 0, Size.kib(2)));
      regions.add(memory.bank("pages", Size.kib(4), 3));
      memory.update(tx -> tx.addSubregion(root, 0x4000, bus).addSubregion(bells, 0, bell)
          .addSubregion(root, 0x1000, regions.get(2)).addSubregion(bus, 0, regions.get(3)));
      space = memory.addressSpace("memory", root);
      devices = memory.addressSpace("devices", memory.mmio("trigger", Size.bytes(4), new Trigger()));
      memory.addressSpace("bells", bells).addListener(MemoryListener.batch(this::rings));
    }

    private void rings(MapChange change) {
      Runnable work = listenerDoes;
      listenerDoes = () -> {};
      work.run();
    }

    private final class Trigger implements MmioHandler {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        callbackDoes.run();
      }
    }

    void edit(Transaction tx, int seed) {
      Random random = new Random(seed);
      int edits = 1 + random.nextInt(6);
      for (int i = 0; i < edits; i++) {
        Method edit = EDITS.get(random.nextInt(EDITS.size()));
        invoke(tx, edit, Arrays.stream(edit.getParameterTypes()).map(type -> any(type, random)).toArray());
      }
    }

    private Object any(Class<?> type, Random random) {
      if (MemoryRegion.class.isAssignableFrom(type)) {
        return anyOf(regions.stream().filter(type::isInstance).toList(), random);
      }
      return switch (type.getSimpleName()) {
        case "long" -> 0x800L * random.nextInt(8);
        case "int" -> random.nextInt(4);
        case "boolean" -> random.nextBoolean();
        case "Size" -> Size.kib(random.nextInt(9));
        case "DirtyClient" -> anyOf(clients, random);
        case "Doorbell" -> anyOf(doorbells, random);
        case "AddressRange" -> new AddressRange(0, 7 + 8L * random.nextInt(2));
        default -> throw new AssertionError("an edit has a parameter of " + type + ", which this test cannot make");
      };
    }

    private static <T> T anyOf(List<T> some, Random random) {
      return some.get(random.nextInt(some.size()));
    }

    String shown() {
      StringBuilder shown = new StringBuilder();
      for (MemoryRegion region : regions) {
        shown.append(region).append(region.parent()).append(region.address()).append(' ').append(region.priority())
            .append(region.size()).append(region.isEnabled()).append(region.isReadOnly()).append(region.isNonVolatile())
            .append(region.isUnmergeable()).append(region.isNoFetch()).append(region.dirtyLogMask())
            .append(own(region)).append('\n');
      }
      return shown.append(space.flatView()).append(memory.compareWithRebuild()).toString();
    }

    private String own(MemoryRegion region) {
      return switch (region) {
        case MemoryRegion.Alias alias -> " to " + alias.targetOffset();
        case MemoryRegion.RomDevice device -> " romd " + device.isRomdMode();
        case MemoryRegion.Mmio device -> " " + device.doorbells() + device.coalesced();
        case MemoryRegion.Bank bank -> IntStream.range(0, bank.variants()).mapToObj(bank::variant).toList().toString();
        default -> "";
      };
    }

    @Override
    public void close() {
      memory.close();
      policy.runGracePeriod();
      assertEquals(0, memory.statistics().ramBlocks());
    }
  }
}
