package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Flavours;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.function.Executable;

/**
 * A machine with one address space over an empty container of 2<sup>64</sup> bytes, on any policy. Every test ends with
 * a check that nothing is left behind.
 */
abstract class OnAPolicy {

  private final ReclaimPolicy policy;
  final DispatchMemory memory;
  final MemoryRegion.Container system;
  final AddressSpace space;
  final MapReader reader;

  OnAPolicy(ReclaimPolicy policy) {
    this.policy = policy;
    memory = DispatchMemory.create(policy);
    system = memory.container("system", Size.FULL);
    space = memory.addressSpace("memory", system);
    reader = memory.newReader("vcpu0");
  }

  /** The policy that reclaims on request, and one of each flavour that is found. */
  static Stream<Named<Supplier<ReclaimPolicy>>> policies() {
    return Stream.concat(Stream.of(Named.of("manual", ManualReclaimPolicy::new)), Flavours.found(3).stream()
        .map(flavour -> Named.of(flavour.name(), () -> flavour.create(ReclaimOptions.defaults()))));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    reader.close();
    memory.close();
    policy.barrier();
    policy.close();
    assertEquals(0, policy.statistics().backlog());
    assertEquals(0, memory.statistics().ramBlocks());
    assertEquals(0, memory.statistics().ramBytes());
  }

  /** Waits for all readers, and for what is given back then. */
  void awaitReaders() {
    policy.synchronize();
    policy.barrier();
  }

  /** A second memory system on the same policy. */
  DispatchMemory another() {
    return DispatchMemory.create(policy);
  }

  /** Clients that have the lowest bits of dirty masks. */
  void openDirtyClients(int count) {
    for (int bit = 0; bit < count; bit++) {
      memory.dirtyClient("client " + bit);
    }
  }

  // Regions

  MemoryRegion.Container container(String name, long size) {
    return memory.container(name, Size.bytes(size));
  }

  MemoryRegion.Ram ram(String name, long size) {
    return memory.ram(name, Size.bytes(size));
  }

  MemoryRegion.Rom rom(String name, long size) {
    return memory.rom(name, Size.bytes(size));
  }

  MemoryRegion.Mmio mmio(String name, long size) {
    return memory.mmio(name, Size.bytes(size), new Registers());
  }

  MemoryRegion.Alias alias(String name, MemoryRegion target, long targetOffset, long size) {
    return memory.alias(name, target, targetOffset, Size.bytes(size));
  }

  // Changes, each a transaction of its own

  CommitTicket place(long offset, MemoryRegion child) {
    return place(system, offset, child);
  }

  CommitTicket place(long offset, MemoryRegion child, int priority) {
    return memory.update(tx -> tx.addSubregion(system, offset, child, priority));
  }

  CommitTicket place(MemoryRegion.Parent parent, long offset, MemoryRegion child) {
    return memory.update(tx -> tx.addSubregion(parent, offset, child));
  }

  CommitTicket remove(MemoryRegion child) {
    return memory.update(tx -> tx.delSubregion(child));
  }

  CommitTicket enable(MemoryRegion region, boolean enabled) {
    return memory.update(tx -> tx.setEnabled(region, enabled));
  }

  // What shows

  /** The view must look like the picture, and the page table must lead to the same sections at every edge. */
  void assertView(AddressSpace space, String... picture) {
    assertEquals(String.join("\n", picture), String.join("\n", Picture.of(space.flatView())));
    for (MemoryRegionSection section : space.flatView().sections()) {
      assertTableAgrees(space, section.range().first() - 1);
      assertTableAgrees(space, section.range().first());
      assertTableAgrees(space, section.range().last());
      assertTableAgrees(space, section.range().last() + 1);
    }
  }

  void assertView(String... picture) {
    assertView(space, picture);
  }

  private void assertTableAgrees(AddressSpace space, long address) {
    MemoryRegionSection expected = space.flatView().find(address).orElse(null);
    if (expected != null && expected.region() instanceof MemoryRegion.Iommu) {
      return;
    }
    try (ReadSection _ = memory.reader().enter()) {
      Translation found = memory.reader().translate(space, address, 1, Access.READ);
      assertEquals(expected, found.isAssigned() ? found.section() : null, () -> "at " + Long.toHexString(address));
    }
  }

  /** The name of the region that answers. */
  String who(AddressSpace space, long address) {
    try (ReadSection _ = reader.enter()) {
      return reader.translate(space, address, 1, Access.READ).section().region().name();
    }
  }

  String who(long address) {
    return who(space, address);
  }

  // Accesses

  long load(long address, int size) {
    return reader.load(space, address, size);
  }

  MemTxResult store(long address, int size, long value) {
    return reader.store(space, address, size, value);
  }

  void assertStores(long address, int size, long value) {
    assertEquals(MemTxResult.OK, store(address, size, value));
  }

  void assertLoads(long expected, long address, int size) {
    assertEquals(Long.toHexString(expected), Long.toHexString(load(address, size)));
    assertEquals(MemTxResult.OK, reader.lastResult());
  }

  void assertDecodeErrorOnLoad(long address, int size) {
    assertEquals(0, load(address, size));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  // Refusals

  /** The request must break exactly this rule, and the message must name everything listed. */
  static MapException assertFault(MapFault.Id id, Executable request, String... named) {
    MapException refusal = assertThrows(MapException.class, request);
    assertEquals(List.of(id), refusal.faults().stream().map(MapFault::id).toList());
    assertNames(refusal, named);
    return refusal;
  }

  static void assertNames(Throwable refusal, String... named) {
    for (String name : named) {
      if (!refusal.getMessage().contains(name)) {
        throw new AssertionError("'" + name + "' is missing in: " + refusal.getMessage(), refusal);
      }
    }
  }

  static <T extends Throwable> T assertRefused(Class<T> type, Executable request, String... named) {
    T refusal = assertThrows(type, request);
    assertNames(refusal, named);
    return refusal;
  }
}
