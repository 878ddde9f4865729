package io.flatview.examples.bench.iommu;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * 256 MiB of RAM with devices behind IOMMUs: one of windows, and RISC-V ones with three levels of 4 KiB pages that are
 * mapped out of order over 64 MiB, or with one page of 1 GiB.
 */
@State(Scope.Benchmark)
public class IommuMachine {

  /** How many addresses a pattern has; a power of two. */
  static final int ADDRESSES = 1 << 16;

  private static final int PAGES = 1 << 14;
  private static final long IOVA = 0x4000_0000L;
  private static final long DATA = 64 << 20;
  private static final long DIRECTORY = 0x1_0000;
  private static final long COMMANDS = 0x2_0000;
  private static final long ROOT = 0x10_0000;
  private static final long MIDDLE = 0x10_1000;
  private static final long LEAVES = 0x20_0000;
  private static final long LARGE_ROOT = 0x10_2000;
  private static final long SV39 = 8L << 60;
  private static final long LEAF = 0xd7;

  /** The translator in the way: nothing, windows, 4 KiB pages or 1 GiB pages. */
  @Param({"none", "windows", "4k", "1g"})
  public String hop;

  /** Over how many bytes addresses are taken at random; 0 for one address. */
  @Param("0")
  public long span;

  AddressSpace space;
  long[] addresses;
  private ReclaimPolicy policy;
  private DispatchMemory memory;
  private RiscvIommu iommu;

  /** Builds the machine. */
  @Setup
  public void open() {
    policy = ReclaimPolicies.discover("epoch");
    memory = DispatchMemory.create(policy);
    MemoryRegion.Container board = memory.container("board", Size.FULL);
    AddressSpace system = memory.addressSpace("system", board);
    memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.mib(256))));
    iommu = new RiscvIommu(memory, system, policy, Capabilities.ALL, (_, _) -> {});
    tables(system);
    space = switch (hop) {
      case "none" -> system;
      case "windows" -> windows(system);
      case "4k" -> iommu.busMaster(memory, "4k", 1);
      default -> iommu.busMaster(memory, "1g", 2);
    };
    addresses = new SplittableRandom(42).longs(ADDRESSES)
        .map(random -> span == 0 ? first() : first() + Math.floorMod(random, span) / 4 * 4).toArray();
  }

  private long first() {
    return hop.equals("none") ? DATA : IOVA;
  }

  private AddressSpace windows(AddressSpace system) {
    WindowIommu windows = new WindowIommu();
    windows.map(new AddressRange(IOVA, IOVA + (128 << 20) - 1), system, DATA, Permission.READ_WRITE);
    return memory.addressSpace("windows", memory.iommu("windows", Size.FULL, windows));
  }

  private void tables(AddressSpace system) {
    MapReader writer = memory.reader();
    put(writer, system, DIRECTORY + 64, 1, 0, 7 << 12, SV39 | ROOT >>> 12);
    put(writer, system, DIRECTORY + 128, 1, 0, 8 << 12, SV39 | LARGE_ROOT >>> 12);
    put(writer, system, ROOT + 8, MIDDLE >>> 2 | 1);
    put(writer, system, LARGE_ROOT + 8, LEAF);
    for (int page = 0; page < PAGES; page++) {
      put(writer, system, MIDDLE + 8L * (page / 512), (LEAVES + page / 512 * 0x1000L) >>> 2 | 1);
      put(writer, system, LEAVES + 8L * page, DATA + (page ^ 0x1555) * 0x1000L >>> 2 | LEAF);
    }
    iommu.registers().write(24, 8, COMMANDS >>> 2 | 3);
    iommu.registers().write(72, 4, 1);
    iommu.registers().write(16, 8, DIRECTORY >>> 2 | 2);
  }

  private static void put(MapReader writer, AddressSpace system, long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      writer.store(system, address + 8L * i, 8, words[i]);
    }
  }

  MapReader newReader() {
    return memory.newReader("bench");
  }

  /** Takes it apart. */
  @TearDown
  public void close() {
    iommu.close();
    memory.close();
    policy.close();
  }
}
