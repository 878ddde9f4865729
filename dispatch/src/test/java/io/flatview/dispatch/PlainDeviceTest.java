package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.ReadSection;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that is called without a question asked keeps all that its leaf does not say. */
class PlainDeviceTest extends OnAMachine {

  private final List<String> seen = new ArrayList<>();

  /** What the device does when it is read. */
  private LongSupplier answer = () -> 7;

  private final MemoryRegion.Mmio device = memory.mmio("plain", Size.bytes(0x100), new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      seen.add("read " + size + " @" + Long.toHexString(offset));
      return answer.getAsLong();
    }

    @Override
    public void write(long offset, int size, long value) {
      seen.add("write " + size + " @" + Long.toHexString(offset) + " = " + Long.toHexString(value));
      answer.getAsLong();
    }
  });

  /** The first access makes the reader find its thread's chain. */
  @BeforeEach
  void build() {
    memory.update(tx -> tx.addSubregion(system, 0x1000, device));
    reader.load(space, 0x1000, 4);
    seen.clear();
  }

  @Test
  void valuesAreCutToTheSizeBothWays() {
    answer = () -> 0x1234_5678_9abc_def0L;
    assertEquals(0xdef0, reader.load(space, 0x1010, 2));
    reader.store(space, 0x1010, 1, 0x1ff);
    assertEquals(List.of("read 2 @10", "write 1 @10 = ff"), seen);
  }

  /** The device loads from nowhere by the same reader. Forbidden: its failure is taken for that of the access. */
  @Test
  void aFailureOfTheDevicesOwnAccessIsNotThatOfTheAccess() {
    answer = () -> reader.load(space, 0x9000, 4) + 1;
    assertEquals(1, reader.load(space, 0x1000, 4));
    assertEquals(MemTxResult.OK, reader.lastResult());
    assertEquals(MemTxResult.OK, reader.store(space, 0x1000, 4, 1));
  }

  @Test
  void aDeviceThatComesBackToItselfIsRefused() {
    List<MemTxResult> results = new ArrayList<>();
    answer = () -> {
      long value = reader.load(space, 0x1008, 4);
      results.add(reader.lastResult());
      return value + 5;
    };
    assertEquals(5, reader.load(space, 0x1000, 4));
    assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
    assertEquals(List.of("read 4 @0"), seen);
  }

  @Test
  void aDeviceThatThrowsIsLeft() {
    answer = () -> {
      throw new ArithmeticException("broken");
    };
    assertThrows(ArithmeticException.class, () -> reader.load(space, 0x1000, 4));
    assertThrows(ArithmeticException.class, () -> reader.store(space, 0x1000, 4, 1));
    answer = () -> 3;
    assertEquals(3, reader.load(space, 0x1000, 4));
    reader.offline();
    reader.online();
  }

  /** The device closes the section of its reader's user. Forbidden: the access goes on without one. */
  @Test
  void aSectionThatTheDeviceClosesEndsWithTheAccess() {
    ReadSection section = reader.enter();
    answer = () -> {
      section.close();
      return reader.generation();
    };
    assertEquals(memory.generation(), reader.load(space, 0x1000, 8));
    assertThrows(IllegalStateException.class, reader::generation);
  }

  @Test
  void aChangeThatTheDeviceMakesIsCommittedWithTheAccess() {
    answer = () -> {
      memory.update(tx -> tx.setAddress(device, 0x2000));
      return 1;
    };
    reader.load(space, 0x1000, 4);
    answer = () -> 9;
    assertEquals(9, reader.load(space, 0x2000, 4));
  }

  @Test
  void accessesForMemoryOnlyDoNotReachIt() {
    MemTxAttrs memoryOnly = MemTxAttrs.UNSPECIFIED.forMemory();
    assertEquals(0, reader.load(space, 0x1000, 4, ByteOrder.LITTLE_ENDIAN, memoryOnly));
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
    assertEquals(List.of(), seen);
  }

  @Test
  void anAccessBeyondItsEndIsCut() {
    reader.load(space, 0x10fe, 4);
    assertEquals(List.of("read 2 @fe"), seen);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void whatComesBeforeTheDeviceLaterIsAsked() {
    memory.update(tx -> tx.addDoorbell(device, Doorbell.at(0x10, () -> seen.add("bell"))));
    reader.store(space, 0x1010, 4, 1);
    memory.update(tx -> tx.addCoalesced(device, new AddressRange(0x20, 0x2f)));
    reader.store(space, 0x1020, 4, 2);
    seen.add("waits");
    reader.load(space, 0x1000, 4);
    try (TapRegistration _ = memory.tap(device, TapFilter.of(new AddressRange(0, 0xff)), _ -> seen.add("tap"))) {
      reader.load(space, 0x1000, 4);
    }
    reader.load(space, 0x1004, 4);
    assertEquals(List.of("bell", "waits", "write 4 @20 = 2", "read 4 @0", "read 4 @0", "tap", "read 4 @4"), seen);
  }

  @Test
  void readOnlySectionsRefuseStores() {
    memory.update(tx -> tx.setReadOnly(device, true));
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(space, 0x1000, 4, 1));
    assertEquals(List.of(), seen);
  }

  /** A handler that looks at the access all the same is called so. */
  @Test
  void aHandlerWithTheFullFormIsCalledByIt() {
    MmioHandler full = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        throw new AssertionError("the simple form");
      }

      @Override
      public long read(long offset, int size, MemTx tx) {
        tx.fail(MemTxResult.ERROR);
        return tx.lanes();
      }

      @Override
      public void write(long offset, int size, long value) {
        seen.add("write");
      }
    };
    memory.update(tx -> tx.addSubregion(system, 0x4000, memory.mmio("full", Size.bytes(0x10), full)));
    assertEquals(0xffff, reader.load(space, 0x4000, 2));
    assertEquals(MemTxResult.ERROR, reader.lastResult());
    assertEquals(MemTxResult.OK, reader.store(space, 0x4000, 2, 1));
    assertEquals(List.of("write"), seen);
  }

  @Test
  void sizesThatAreNotValidAreRefusedAndFailuresOfTheFullFormTold() {
    MmioDevice picky = new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        return size;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        tx.fail(MemTxResult.ERROR);
      }

      @Override
      public MmioRules rules() {
        return MmioRules.DEFAULT.withValid(AccessSizes.aligned(4, 4)).withImplemented(AccessSizes.aligned(4, 4));
      }
    };
    memory.update(tx -> tx.addSubregion(system, 0x4000, memory.mmio("picky", Size.bytes(0x10), picky)));
    assertEquals(4, reader.load(space, 0x4000, 4));
    assertEquals(0, reader.load(space, 0x4000, 2));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(0, reader.load(space, 0x4002, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(MemTxResult.ERROR, reader.store(space, 0x4000, 4, 1));
  }
}
