package io.flatview.examples.virt64.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.virt64.DeviceThreads;
import io.flatview.examples.virt64.virtio.VirtioMmio;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.CpuTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random requests to a disk of 2 GiB, without a hart: whatever was asked, and however far it has come, after a reset
 * the disk serves a good request within a second of CPU time, and no request costs more than 200 MB. For some seconds,
 * and with {@code -Dflatview.long=true} for ten minutes.
 */
class DiskFuzzTest {

  private static final Duration TIME =
      Boolean.getBoolean("flatview.long") ? Duration.ofMinutes(10) : Duration.ofMillis(2400);

  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** For a thread that is held up, or waits for the host's disk. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final int STEP_MILLIS = 20;
  private static final Duration MOMENT = Duration.ofMillis(30);
  private static final long MOST_ALLOCATED = 200_000_000;
  private static final int NEEDS_RESET = 0x40;
  private static final long RAM = 0x8000_0000L;
  private static final long RAM_BYTES = 16 << 20;
  private static final long RINGS = RAM + 0x1000;
  private static final long REGISTERS = 0x1000_1000L;
  private static final int PAGE = 4096;
  private static final List<Long> NUMBERS = List.of(
      0L, 1L, 15L, 16L, 511L, 512L, 513L, 0x7fff_ffffL, 0x7fff_fe00L, 0x8000_0000L, 0xffff_fe00L, 0xffff_ffffL,
      1L << 32, 1L << 55, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1L, -512L, RAM, RAM + RAM_BYTES - 256, REGISTERS);

  @TempDir
  private Path folder;

  private VirtioDevice disk() throws IOException {
    Path path = folder.resolve("disk");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), (2L << 30) - 1);
    }
    return new BlockDevice(path);
  }

  /** A transport on a bus of its own, and a driver. */
  private static final class Machine implements AutoCloseable {

    private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
    private final DispatchMemory memory = DispatchMemory.create(policy);
    private final VirtioMmio.Version version;
    private final AddressSpace bus;
    private final VirtioMmio transport;
    private final MapReader reader;

    private Machine(VirtioDevice device, VirtioMmio.Version version) {
      this.version = version;
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      bus = memory.addressSpace("memory", system);
      transport = new VirtioMmio(device, version, _ -> { }, memory, bus);
      MemoryRegion.Ram ram = memory.ram("ram", Size.bytes(RAM_BYTES));
      MemoryRegion.Mmio registers = memory.mmio("virtio", Size.bytes(VirtioMmio.SIZE), transport);
      memory.update(tx -> tx.addSubregion(system, RAM, ram).addSubregion(system, REGISTERS, registers));
      reader = memory.newReader("driver");
    }

    private void register(int offset, long value) {
      store(REGISTERS + offset, 4, value);
    }

    private void store(long address, int size, long value) {
      reader.store(bus, address, size, value);
      reader.quiescent();
    }

    private long load(long address, int size) {
      return reader.load(bus, address, size);
    }

    private void reset(int size) {
      register(0x70, 0);
      register(0x70, 3);
      register(0x28, PAGE);
      register(0x38, size);
      register(0x3c, PAGE);
      for (long at = RINGS; at < RINGS + 4 * PAGE; at += 8) {
        reader.store(bus, at, 8, 0);
      }
      register(0x80, RINGS);
      register(0x90, available(size));
      register(0xa0, used(size));
    }

    private static long available(int size) {
      return RINGS + 16L * Math.clamp(size, 1, 256);
    }

    private static long used(int size) {
      return available(size) + 6 + 2L * Math.clamp(size, 1, 256) + PAGE - 1 & -PAGE;
    }

    private void start() {
      if (version == VirtioMmio.Version.LEGACY) {
        register(0x40, RINGS / PAGE);
      } else {
        register(0x44, 1);
      }
      register(0x70, 15);
    }

    private void descriptor(int index, long address, long bytes, long flags, long next) {
      store(RINGS + 16L * index, 8, address);
      store(RINGS + 16L * index + 8, 8, bytes & 0xffff_ffffL | (flags & 0xffff) << 32 | next << 48);
    }

    private void submit(int size, int head, long index) {
      store(available(size) + 4, 2, head);
      store(available(size) + 2, 2, index);
      register(0x50, 0);
    }

    private boolean isAnswered(int size) {
      reader.quiescent();
      return load(used(size) + 2, 2) != 0 || (load(REGISTERS + 0x70, 4) & NEEDS_RESET) != 0;
    }

    /** @return whether something came of the request in a moment */
    private boolean isAnsweredSoon(int size) {
      long end = System.nanoTime() + MOMENT.toNanos();
      boolean answered = isAnswered(size);
      while (!answered && System.nanoTime() < end) {
        answered = isAnswered(size);
      }
      return answered;
    }

    /** @return whether something came of the request before the device had spent as much CPU time as it may */
    private boolean isAnsweredInTime(int size) {
      long spent = DeviceThreads.cpuNanos();
      long end = System.nanoTime() + GRACE.toNanos();
      boolean answered = false;
      while (!answered && DeviceThreads.cpuNanos() - spent < LONGEST.toNanos() && System.nanoTime() < end) {
        Await.pause(STEP_MILLIS);
        answered = isAnswered(size);
      }
      return answered;
    }

    /** @return what went wrong, or an empty text */
    private String goodRead() {
      reset(8);
      start();
      store(RAM, 8, 0);
      store(RAM + 8, 8, 5);
      store(RAM + 16, 1, 0xee);
      descriptor(0, RAM, 16, 1, 1);
      descriptor(1, RAM + PAGE * 16, 512, 3, 2);
      descriptor(2, RAM + 16, 1, 2, 0);
      submit(8, 0, 1);
      if (!isAnsweredSoon(8) && !isAnsweredInTime(8)) {
        return "a good request was not answered within " + LONGEST + " of the device's time";
      }
      long outcome = load(RAM + 16, 1);
      return outcome == 0 ? "" : "a good request came to " + outcome + ", used " + load(used(8) + 2, 2) + ", status "
          + load(REGISTERS + 0x70, 4);
    }

    @Override
    public void close() {
      reader.close();
      transport.close();
      memory.close();
      policy.close();
    }
  }

  private static long number(RandomGenerator random) {
    return random.nextInt(4) == 0 ? random.nextLong() : NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  private static long memory(RandomGenerator random) {
    return random.nextInt(4) == 0 ? number(random) : RAM + PAGE * 16 + random.nextInt((int) RAM_BYTES / 2);
  }

  private static void badRequest(Machine machine, RandomGenerator random) {
    int size = random.nextInt(8) == 0 ? (int) number(random) : 1 << random.nextInt(9);
    machine.reset(size);
    if (random.nextInt(16) == 0) {
      machine.register(List.of(0x28, 0x3c, 0x80, 0x84, 0x90, 0xa0).get(random.nextInt(6)), number(random));
    }
    machine.start();
    machine.store(RAM, 8, random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt(2));
    machine.store(RAM + 8, 8, random.nextBoolean() ? number(random) : random.nextInt(4096));
    int buffers = random.nextInt(8) == 0 ? 200 : 1 + random.nextInt(4);
    machine.descriptor(0, RAM, random.nextInt(8) == 0 ? number(random) : 16, 1, 1);
    for (int i = 1; i <= buffers; i++) {
      long flags = random.nextInt(6) == 0 ? random.nextInt(16) : 1 | random.nextInt(2) << 1;
      long next = random.nextInt(12) == 0 ? random.nextInt(0x1_0000) : i + 1;
      long bytes = random.nextInt(3) == 0 ? number(random) : 512L * random.nextInt(20_000);
      machine.descriptor(i, memory(random), bytes, flags, next);
    }
    machine.descriptor(buffers + 1, RAM + 16, 1, 2, random.nextInt(4));
    machine.submit(size, random.nextInt(10) == 0 ? random.nextInt(0x1_0000) : 0, random.nextInt(8) == 0 ? 60_000 : 1);
    machine.isAnsweredSoon(size);
  }

  private static String fuzz(VirtioDevice device, VirtioMmio.Version version, Duration time) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(18);
    long requests = 0;
    String wrong = "";
    try (Machine machine = new Machine(device, version)) {
      for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end && wrong.isEmpty(); requests++) {
        long before = Allocated.everywhere();
        badRequest(machine, random);
        wrong = machine.goodRead();
        long allocated = Allocated.everywhere() - before;
        wrong = allocated > MOST_ALLOCATED ? wrong + " allocated " + allocated : wrong;
      }
    }
    System.out.printf("%,d requests by %s: %s%n", requests, version, wrong.isEmpty() ? "all answered" : wrong);
    return wrong;
  }

  @ParameterizedTest
  @EnumSource
  void afterAnyRequestAndAResetTheDiskServes(VirtioMmio.Version version) throws IOException {
    assertEquals("", fuzz(disk(), version, TIME.dividedBy(VirtioMmio.Version.values().length)));
  }

  // The fuzzer finds what it is for

  /** A disk that does something else with what it is to write. */
  private abstract static class Twin implements VirtioDevice {

    private final VirtioDevice disk;

    private Twin(VirtioDevice disk) {
      this.disk = disk;
    }

    abstract void before(long bytes);

    @Override
    public int id() {
      return disk.id();
    }

    @Override
    public long features() {
      return disk.features();
    }

    @Override
    public byte configuration(int offset) {
      return disk.configuration(offset);
    }

    @Override
    public void serve(VirtioRequest request, long features, DmaPort port) {
      before(request.writable().stream().mapToLong(DmaRange::length).sum());
      disk.serve(request, features, port);
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  @Test
  void aDiskThatTakesAsMuchMemoryAsItIsAskedForIsFound() throws IOException {
    AtomicLong taken = new AtomicLong();
    String wrong = fuzz(new Twin(disk()) {
      @Override
      void before(long bytes) {
        for (long left = Math.min(bytes, 1L << 29); left > 0; left -= 1 << 20) {
          taken.addAndGet(new byte[1 << 20].length);
        }
      }
    }, VirtioMmio.Version.MODERN, Duration.ofMinutes(1));
    assertTrue(wrong.contains("allocated"), wrong);
  }

  @Test
  void aDiskThatDoesNotLookWhetherItIsStillWantedIsFound() throws IOException {
    String wrong = fuzz(new Twin(disk()) {
      @Override
      void before(long bytes) {
        CpuTime.spend(Math.min(bytes, LONGEST.toNanos() * 3));
      }
    }, VirtioMmio.Version.MODERN, Duration.ofMinutes(1));
    assertNotEquals("", wrong);
  }
}
