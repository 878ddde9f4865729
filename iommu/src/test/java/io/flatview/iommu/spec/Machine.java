package io.flatview.iommu.spec;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.InterruptGeneration;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** The model under test, on machines with other capabilities each, asked the same as the walker. */
final class Machine implements AutoCloseable {

  /** Where no random table leads to, by a number that has bits of all kinds. */
  private static final long QUEUES = 0x6b5a_8000L;

  private static final Capabilities[] CAPABILITIES = {
    Capabilities.ALL,
    Capabilities.ALL.without(Capabilities.SVPBMT | Capabilities.MSI_MRIF),
    Capabilities.ALL.without(Capabilities.MSI_FLAT),
    Capabilities.ALL.withPhysicalBits(32),
    Capabilities.ALL.without(Capabilities.PD20 | Capabilities.SV57 | Capabilities.SV57X4 | Capabilities.AMO_HWAD),
    Capabilities.ALL.without(Capabilities.SV48X4 | Capabilities.PD20 | Capabilities.PD17)
        .withInterrupts(InterruptGeneration.MESSAGES),
  };

  static final int COUNT = CAPABILITIES.length;

  /** What the model said of a request. */
  private record Answer(long cause, long type, long device, long process, long flags, long iotval, long iotval2) {}

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final AddressSpace system;
  private final MapReader reader = memory.newReader("walker");
  private final RiscvIommu iommu;
  private final MmioHandler registers;
  private final long capabilities;
  private final Image image = new Image();
  private final SpecWalker walker;
  private final Map<Integer, MemoryRegion.Iommu> regions = new HashMap<>();
  private final IommuTlbEntry entry = new IommuTlbEntry();
  private final Random inside = new Random(1);

  /** Where memory may hold something else than 0. */
  private final Set<Long> used = new HashSet<>();

  Machine(int which) {
    MemoryRegion.Container board = memory.container("board", Size.FULL);
    MemoryRegion ram = memory.ram("ram", Size.kib(4 * Image.RAM_FRAMES));
    memory.update(tx -> tx
        .addSubregion(board, Image.RAM, ram)
        .addSubregion(board, Image.FAR + Image.RAM, memory.alias("far", ram, 0, Size.kib(4 * Image.RAM_FRAMES)))
        .addSubregion(board, Image.ROM, memory.rom("rom", Size.kib(4 * Image.ROM_FRAMES)))
        .addSubregion(board, QUEUES, memory.ram("queues", Size.kib(16))));
    system = memory.addressSpace("system", board);
    iommu = new RiscvIommu(memory, system, policy, CAPABILITIES[which], (_, _) -> {}, Runnable::run);
    registers = iommu.registers();
    capabilities = registers.read(0, 8);
    walker = new SpecWalker(image, capabilities);
    registers.write(24, 8, QUEUES >>> 2 | 7);
    registers.write(40, 8, QUEUES + 0x2000 >>> 2 | 3);
    registers.write(72, 4, 1);
    registers.write(76, 4, 1);
  }

  @Override
  public void close() {
    iommu.close();
    reader.close();
    memory.close();
    policy.runGracePeriod();
    policy.close();
  }

  private void poke(long address, long value) {
    if (Image.isRam(address)) {
      reader.store(system, address, 8, value);
    } else {
      byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
      reader.poke(system, address, MemorySegment.ofArray(bytes));
    }
    image.lay(address, value);
    used.add(address);
  }

  private void lay(Case scene) {
    Set.copyOf(used).forEach(address -> poke(address, 0));
    used.clear();
    scene.words().forEach(this::poke);
    registers.write(16, 8, 0);
    registers.write(16, 8, scene.ddtp());
    walker.setDdtp(registers.read(16, 8));
    registers.write(48, 4, registers.read(52, 4));
    for (int i = 0; i < SpecCounters.COUNT; i++) {
      registers.write(352 + 8 * i, 8, scene.selectors().isEmpty() ? 0 : scene.selectors().get(i));
    }
    walker.counters().select(scene.selectors());
  }

  /** Runs a case; gives what differs, or null. */
  String differs(Case scene) {
    lay(scene);
    for (Request request : scene.requests()) {
      String difference = scene.selectors().isEmpty() ? differs(request) : countDiffers(request);
      if (difference == null && request.kind() == 'w' && entry.permits(Access.WRITE) && entry.target() != system) {
        difference = messageDiffers(request);
      }
      if (difference == null && scene.mirrored() && !scene.hasNapot()) {
        difference = mirrorDiffers(request);
      }
      if (difference != null) {
        return request + ": " + difference;
      }
    }
    for (long address : used) {
      if (reader.load(system, address, 8) != image.word(address)) {
        return "word " + Long.toHexString(address) + " is " + Long.toHexString(reader.load(system, address, 8))
            + " and should be " + Long.toHexString(image.word(address));
      }
    }
    return null;
  }

  private static Access access(char kind) {
    return switch (kind) {
      case 'r' -> Access.READ;
      case 'w' -> Access.WRITE;
      default -> Access.FETCH;
    };
  }

  private static int index(Request request) {
    return request.process() < 0 ? 0 : RiscvIommu.index(request.process(), request.privileged());
  }

  private String differs(Request request) {
    SpecWalker.Outcome expected = walker.translate(request);
    walker.counters().stop();
    boolean changed = !image.takeChanges().isEmpty();
    Access access = access(request.kind());
    IommuTranslator device = iommu.translator(request.device());
    boolean granted;
    try (ReadSection _ = reader.enter()) {
      entry.deny();
      device.translate(request.iova(), access, index(request), reader, entry);
      granted = entry.permits(access);
      if (!granted) {
        device.refused(request.iova(), access, index(request), Translation.Fault.PERMISSION, entry, reader);
      }
    }
    Answer record = takeRecord();
    String difference = granted ? grantDiffers(request, expected, record) : faultDiffers(request, expected, record);
    if (changed) {
      registers.write(16, 8, registers.read(16, 8));
    }
    return difference;
  }

  /** Sends a message to the memory-resident interrupt file that a request was led to. */
  private String messageDiffers(Request request) {
    long offset = inside.nextInt(8) == 0 ? inside.nextInt(1024) * 4L : inside.nextInt(2) * 4L;
    int identity = inside.nextInt(8) == 0 ? inside.nextInt() : inside.nextInt(1 << 11);
    int data = (offset & 4) == 0 ? identity : Integer.reverseBytes(identity);
    boolean stored = walker.message(walker.translate(request).spa(), offset, data);
    used.addAll(image.takeChanges());
    Request message = request.at(request.iova() & -0x1000 | offset);
    boolean done;
    try (ReadSection _ = reader.enter()) {
      iommu.translator(message.device()).translate(message.iova(), Access.WRITE, index(message), reader, entry);
      done = reader.store(entry.target(), entry.apply(message.iova()), 4, Integer.toUnsignedLong(data)).isOk();
    }
    registers.write(16, 8, registers.read(16, 8));
    Answer record = takeRecord();
    Answer wanted = stored || walker.isSilent() ? null : answer(message, 264, 0);
    return stored == done && Objects.equals(record, wanted) ? null : "stores " + Integer.toHexString(data) + " at "
        + offset + (done ? "" : " in vain") + ", recorded " + record + ", expected " + wanted;
  }

  private static Answer answer(Request request, int cause, long iotval2) {
    return new Answer(cause, request.kind() == 'x' ? 1 : request.kind() == 'r' ? 2 : 3, request.device(),
        Math.max(0, request.process()), request.process() < 0 ? 0 : request.privileged() ? 3 : 1, request.iova(),
        iotval2);
  }

  /** Counts what a request does whose answer is not in the cache. */
  private String countDiffers(Request request) {
    registers.write(16, 8, registers.read(16, 8));
    for (int i = 0; i < SpecCounters.COUNT; i++) {
      registers.write(104 + 8 * i, 8, 0);
    }
    walker.counters().start();
    String difference = differs(request);
    for (int i = 0; i < SpecCounters.COUNT; i++) {
      long expected = walker.counters().count(i);
      long counted = registers.read(104 + 8 * i, 8);
      if (difference == null && counted != expected) {
        difference = "counter " + i + " is " + counted + ", expected " + expected;
      }
    }
    return difference;
  }

  private Answer takeRecord() {
    long tail = registers.read(52, 4);
    long head = registers.read(48, 4);
    if (tail == head) {
      return null;
    }
    long at = QUEUES + 0x2000 + 32 * head;
    long first = reader.load(system, at, 8);
    registers.write(48, 4, tail);
    return new Answer(first & 0xfff, first >>> 34 & 0x3f, first >>> 40, first >>> 12 & 0xf_ffff, first >>> 32 & 3,
        reader.load(system, at + 16, 8), reader.load(system, at + 24, 8));
  }

  private static String faultDiffers(Request request, SpecWalker.Outcome expected, Answer record) {
    Answer wanted = !expected.reported() || expected.cause() == 0
        ? null
        : answer(request, expected.cause(), expected.iotval2());
    boolean same = expected.cause() != 0 && (wanted == null ? record == null : wanted.equals(record));
    return same ? null : "recorded " + record + ", expected " + expected;
  }

  private String grantDiffers(Request request, SpecWalker.Outcome expected, Answer record) {
    if (record != null || expected.cause() != 0) {
      return "granted, " + record + ", expected " + expected;
    }
    if (expected.mrif() != (entry.target() != system)) {
      return "leads to " + entry.target().name() + ", expected " + expected;
    }
    if (!expected.mrif() && entry.apply(request.iova()) != expected.spa()) {
      return "leads to " + Long.toHexString(entry.apply(request.iova())) + ", expected " + expected;
    }
    return blockDiffers(request, expected);
  }

  /** Other addresses of the block may use the answer, for all that it permits. */
  private String blockDiffers(Request request, SpecWalker.Outcome expected) {
    long mask = expected.napot() ? entry.addrMask() & 0xfff : entry.addrMask();
    for (long other : new long[] {inside.nextLong(), inside.nextInt(0x1_0000), fileInBlock(expected.gpa())}) {
      long iova = request.iova() & ~mask | other & mask;
      for (char kind : new char[] {'r', 'w', 'x'}) {
        if (entry.permits(access(kind))) {
          SpecWalker.Outcome found = walker.translate(request.at(iova).as(kind));
          boolean same = found.cause() == 0 && found.mrif() == expected.mrif()
              && (found.mrif() || found.spa() == entry.apply(iova)) && image.takeChanges().isEmpty();
          image.undo();
          if (!same) {
            return "may be used for " + kind + " " + Long.toHexString(iova) + " of its block "
                + Long.toHexString(entry.addrMask()) + ", which is " + found;
          }
        }
      }
    }
    return null;
  }

  /** Where an interrupt file may be in a block around a guest physical address: with the pattern of the context. */
  private long fileInBlock(long gpa) {
    long page = walker.pattern() << 12;
    return page ^ inside.nextInt(2) * 0x1000L ^ (gpa & 0xfff);
  }

  // Mirrors

  private String mirrorDiffers(Request request) {
    List<IommuEvent.Map> told = new ArrayList<>();
    MemoryRegion.Iommu region = regions.computeIfAbsent(request.device(),
        id -> memory.iommu("bus" + id, Size.FULL, iommu.translator(id)));
    IommuNotifier all = new IommuNotifier("mirror", EnumSet.of(IommuEvent.Kind.MAP), event -> {
      if (event instanceof IommuEvent.Map map) {
        told.add(map);
      }
    });
    IommuNotifier own = new IommuNotifier("mirror", all.kinds(), all.range(), index(request), 1, all.callback());
    try (IommuNotifier.Registration registered = region.addNotifier(own)) {
      registered.replay(reader);
    }
    for (char kind : new char[] {'r', 'w', 'x'}) {
      SpecWalker.Outcome expected = walker.translate(request.as(kind));
      image.undo();
      IommuEvent.Map map = at(told, request.iova());
      boolean granted = map != null
          && (kind == 'r' ? map.readable() : kind == 'w' ? map.writable() : map.executable());
      if (granted != (expected.cause() == 0)) {
        return "told of " + map + ", and " + kind + " is " + expected;
      }
      if (granted && !expected.mrif()
          && map.targetFirst() + (request.iova() - map.range().first()) != expected.spa()) {
        return "told of " + map + ", expected " + expected;
      }
    }
    return null;
  }

  private static IommuEvent.Map at(List<IommuEvent.Map> told, long iova) {
    return told.stream().filter(map -> map.range().contains(iova)).findFirst().orElse(null);
  }

  // Commands

  /** Runs a random command; gives what differs, or null. */
  String commandDiffers(Random random) {
    if (random.nextInt(50) == 0) {
      registers.write(16, 8, random.nextInt(5));
    }
    long[] command = Commands.random(random);
    long low = command[0];
    long high = command[1];
    long head = registers.read(32, 4);
    reader.store(system, QUEUES + 16 * head, 8, low);
    reader.store(system, QUEUES + 16 * head + 8, 8, high);
    registers.write(36, 4, head + 1 & 0xff);
    policy.runGracePeriod();
    int mode = (int) registers.read(16, 4) & 15;
    boolean wires = (registers.read(8, 4) & 2) != 0;
    boolean legal = SpecCommands.isLegal(low, high, capabilities, mode, wires);
    long status = registers.read(72, 4) & 0xf00;
    boolean stored = legal && (low & 0x7f) == 2 && (low & 1 << 10) != 0;
    boolean faults = stored && !isMemory(high << 2);
    long expected = !legal ? 1 << 10 : faults ? 1 << 8 : (low & 0x7f) == 2 && (low & 1 << 11) != 0 ? 1 << 11 : 0;
    boolean moved = registers.read(32, 4) == (head + 1 & 0xff);
    boolean written = !stored || faults || reader.load(system, high << 2, 4) == low >>> 32;
    registers.write(36, 4, registers.read(32, 4));
    registers.write(72, 4, 0xf01);
    return status == expected && moved == (legal && !faults) && written ? null
        : Long.toHexString(low) + " " + Long.toHexString(high) + ": status " + Long.toHexString(status) + ", expected "
            + Long.toHexString(expected) + (moved ? ", done" : ", not done") + (written ? "" : ", not written");
  }

  private boolean isMemory(long address) {
    return address >>> (capabilities >>> 32 & 0x3f) == 0 && Image.isRam(address) && Image.isRam(address + 3);
  }
}
