package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.DirtySink;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sinks of dirty clients, and filters of devices, use the reader that called them, and throw. */
class CallbacksOfWritesTest extends OnAMachine {

  private static final long HOLE = 0x100_0000;
  private static final long DEVICE = 0x200_0000;

  /** The client with the sink has the lowest bit, and so is marked first. */
  private final DirtyClient sinking = memory.dirtyClient("sinking");
  private final DirtyClient vga = memory.dirtyClient("vga");
  private final MemoryRegion.Ram ram = ram("ram", 0x8_0000);
  private DirtySink sink = (_, _) -> { };

  @BeforeEach
  void placeAll() {
    sinking.markInto(ram, (offset, length) -> sink.mark(offset, length));
    memory.update(tx -> tx.addSubregion(system, 0, ram).startLog(ram, sinking).startLog(ram, vga));
  }

  private static MemorySegment bytes(int count) {
    return MemorySegment.ofArray(new byte[count]);
  }

  private Map<String, Runnable> writes() {
    Map<String, Runnable> writes = new LinkedHashMap<>();
    writes.put("store", () -> reader.store(space, 0x3000, 8, 1));
    writes.put("write", () -> reader.write(space, 0x3000, bytes(8), MemTxAttrs.UNSPECIFIED));
    writes.put("fill", () -> reader.fill(space, 0x3000, 8, (byte) 1, MemTxAttrs.UNSPECIFIED));
    writes.put("atomic", () -> reader.fetchAndOp(space, 0x3000, 8, AtomicOp.ADD, 1));
    writes.put("poke", () -> reader.poke(space, 0x3000, bytes(8)));
    writes.put("copy", () -> ram.copyIn(0x3000, bytes(8)));
    writes.put("discard", () -> ram.discard(0x3000, 8));
    writes.put("window", () -> space.map(0x3000, 8, Access.WRITE).whole().unmap(8));
    writes.put("report", () -> report(0x3000));
    return writes;
  }

  private void report(long... addresses) {
    try (ReadSection _ = reader.enter()) {
      for (long address : addresses) {
        reader.wrote(space, address, 8);
      }
    }
  }

  private String taken() {
    return String.join(" ", vga.snapshotAndClear(ram).ranges()
        .map(range -> Long.toHexString(range.first()) + "-" + Long.toHexString(range.last())).toList());
  }

  @Test
  void aSinkThatThrowsCostsNoOtherClientItsMark() {
    sink = (_, _) -> {
      throw new UnsupportedOperationException();
    };
    writes().forEach((name, write) -> {
      assertThrows(UnsupportedOperationException.class, write::run, name);
      assertEquals("3000-3fff", taken(), name);
      reader.quiescent();
    });
  }

  @Test
  void aSinkThatThrowsCostsNoMarkOfTheOtherPagesOfASection() {
    List<Long> told = new ArrayList<>();
    sink = (offset, _) -> {
      told.add(offset);
      throw new UnsupportedOperationException();
    };
    assertThrows(UnsupportedOperationException.class, () -> report(0, 0x4_0000, 0x7_f000));
    assertEquals("0-fff 40000-40fff 7f000-7ffff", taken());
    assertEquals(List.of(0L, 0x4_0000L, 0x7_f000L), told);
    sink = (offset, _) -> told.add(offset);
    report(0x1000);
    assertEquals("1000-1fff", taken());
    assertEquals(4, told.size());
  }

  @Test
  void aWriteHasItsOwnResultWhateverItsSinkReads() {
    sink = (_, _) -> reader.load(space, HOLE, 4);
    assertEquals(MemTxResult.OK, reader.store(space, 0x3000, 8, 1));
    assertEquals(MemTxResult.OK, reader.write(space, 0x3000, bytes(8), MemTxAttrs.UNSPECIFIED));
    assertEquals(MemTxResult.OK, reader.poke(space, 0x3000, bytes(8)));
    reader.fetchAndOp(space, 0x3000, 8, AtomicOp.ADD, 1);
    assertEquals(MemTxResult.OK, reader.lastResult());
    sink = (_, _) -> reader.load(space, 0, 4);
    assertEquals(MemTxResult.DECODE_ERROR,
        reader.write(space, 0x7_fffe, bytes(4), MemTxAttrs.UNSPECIFIED));
  }

  @Test
  void aTransferKeepsItsAttributesWhateverItsSinkReads() {
    List<MemTxAttrs> seen = new ArrayList<>();
    place(0x8_0000, memory.mmio("device", Size.kib(4), new Recording(seen, MmioRules.DEFAULT)));
    sink = (_, _) -> reader.load(space, HOLE, 4);
    MemTxAttrs secure = MemTxAttrs.UNSPECIFIED.asSecure();
    reader.write(space, 0x7_fff8, bytes(16), secure);
    assertEquals(List.of(secure), seen);
  }

  @Test
  void aSinkMayUseTheReaderAsTheSectionEnds() {
    boolean[] inside = {false};
    List<Long> told = new ArrayList<>();
    sink = (offset, _) -> {
      told.add(offset);
      if (inside[0]) {
        return;
      }
      inside[0] = true;
      reader.load(space, HOLE, 4);
      reader.store(space, 0x5000, 8, 1);
      report(0x3000, 0x6000);
      ReadSection section = reader.enter();
      section.close();
      section.close();
      reader.store(space, 0x7000, 8, 1);
    };
    report(0x3000, 0x4_0000);
    assertEquals("3000-3fff 5000-7fff 40000-40fff", taken());
    assertEquals(List.of(0x3000L, 0x5000L, 0x3000L, 0x6000L, 0x7000L, 0x4_0000L), told);
    reader.quiescent();
    assertFalse(policy.inSection());
  }

  /** A device that records the attributes of its writes. */
  private record Recording(List<MemTxAttrs> seen, MmioRules rules) implements MmioDevice {

    @Override
    public long read(long offset, int size, MemTx tx) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      seen.add(tx.attributes());
    }
  }

  @Test
  void aFilterMayUseTheReader() {
    List<MemTxAttrs> seen = new ArrayList<>();
    List<MemTxAttrs> asked = new ArrayList<>();
    MmioRules rules = MmioRules.DEFAULT.withFilter((_, _, _, attributes) -> {
      asked.add(attributes);
      return reader.load(space, HOLE, 4) == 0;
    });
    MemoryRegion.Mmio device = memory.mmio("device", Size.bytes(0x20), new Recording(seen, rules));
    memory.update(tx -> tx.addSubregion(system, DEVICE, device).addCoalesced(device, new AddressRange(0, 7)));
    MemTxAttrs secure = MemTxAttrs.UNSPECIFIED.asSecure();
    assertEquals(MemTxResult.OK, reader.store(space, DEVICE, 8, 1, ByteOrder.LITTLE_ENDIAN, secure));
    assertEquals(MemTxResult.OK, reader.store(space, DEVICE + 8, 8, 1, ByteOrder.LITTLE_ENDIAN, secure));
    assertEquals(List.of(secure, secure), seen);
    asked.clear();
    reader.isAccessible(space, DEVICE, 0x20, Access.WRITE, secure);
    assertEquals(List.of(secure, secure, secure, secure), asked);
  }
}
