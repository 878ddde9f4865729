package io.flatview.examples.bench.taps;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 64 MiB of RAM, taps of 8 bytes on it, and addresses to load from. */
@State(Scope.Benchmark)
public class TapMachine {

  /** How many addresses a pattern has; a power of two. */
  static final int ADDRESSES = 1 << 14;

  private static final long RAM = 64 << 20;
  private static final long FAR = 60 << 20;
  private static final int WIDTH = 8;

  /** How many taps there are, of 8 bytes each. */
  @Param("0")
  public int taps;

  /** How many bytes lie from one to the next. */
  @Param("8")
  public int apart;

  /** Whether one more tap watches all of the RAM, for stores. */
  @Param("false")
  public boolean around;

  /** Where loads go: far, to the bytes of a tap, or beside one on its page. */
  @Param("far")
  public String where;

  AddressSpace space;
  long[] addresses;

  /** Keeps the taps from being compiled away. */
  public long called;

  private ReclaimPolicy policy;
  private DispatchMemory memory;
  private MemoryRegion.Ram ram;

  /** Builds the machine. */
  @Setup
  public void open() {
    policy = ReclaimPolicies.discover("epoch");
    memory = DispatchMemory.create(policy);
    ram = memory.ram("ram", Size.bytes(RAM));
    space = memory.addressSpace("memory", ram);
    for (int i = 0; i < taps; i++) {
      memory.tap(ram, TapFilter.of(bytes((long) i * apart)), _ -> called++);
    }
    if (around) {
      memory.tap(ram, TapFilter.stores(new AddressRange(0, RAM - 1)), _ -> called++);
    }
    IntToLongFunction address = addresses();
    addresses = new SplittableRandom(42).ints(ADDRESSES, 0, 1 << 20).mapToLong(address::applyAsLong).toArray();
  }

  private IntToLongFunction addresses() {
    return switch (where) {
      case "far" -> random -> FAR + random / 4 * 4;
      case "tap" -> random -> (long) (random % taps) * apart;
      default -> random -> (long) (random % taps) * apart + WIDTH;
    };
  }

  private static AddressRange bytes(long first) {
    return new AddressRange(first, first + WIDTH - 1);
  }

  MapReader newReader() {
    return memory.newReader("bench");
  }

  /** Attaches one more tap among the others. */
  TapRegistration attach(int random) {
    return memory.tap(ram, TapFilter.of(bytes((long) (random % Math.max(taps, 1)) * apart)), _ -> called++);
  }

  /** Takes it apart. */
  @TearDown
  public void close() {
    memory.close();
    policy.close();
  }
}
