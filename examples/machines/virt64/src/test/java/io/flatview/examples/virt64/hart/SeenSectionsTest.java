package io.flatview.examples.virt64.hart;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which commits leave a hart's translations as they are. */
class SeenSectionsTest {

  private static final long PLACE = 0x8000_0000L;
  private static final Size MIB = Size.mib(1);

  private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container root = memory.container("root", Size.FULL);
  private final AddressSpace space = memory.addressSpace("space", root);
  private final MemoryRegion.Ram ram = memory.ram("ram", MIB);
  private final MemoryRegion.Ram other = memory.ram("other", MIB);
  private final SeenSections seen = new SeenSections(space);
  private final MapReader reader = memory.newReader("test");

  @BeforeEach
  void seeTheMemory() {
    memory.update(tx -> tx.addSubregion(root, PLACE, ram));
    try (ReadSection _ = reader.enter()) {
      seen.add(reader, PLACE + 0x3000);
    }
    assertTrue(seen.holds(PLACE));
    assertTrue(seen.takesStores());
  }

  @AfterEach
  void close() {
    reader.close();
    memory.update(tx -> {
      for (MemoryRegion region : new MemoryRegion[] {ram, other}) {
        region.parent().ifPresent(_ -> tx.delSubregion(region));
      }
    });
    ram.close();
    other.close();
    memory.close();
    policy.close();
  }

  private boolean changedBy(Consumer<Transaction> change) {
    memory.update(change);
    try (ReadSection _ = reader.enter()) {
      return seen.haveChanged(reader);
    }
  }

  @Test
  void whatHappensElsewhereChangesNothing() {
    assertFalse(changedBy(tx -> tx.addSubregion(root, 0, other)));
    assertFalse(changedBy(tx -> tx.setAddress(other, PLACE + 0x10_0000)));
  }

  @Test
  void aMoveIsAChange() {
    assertTrue(changedBy(tx -> tx.setAddress(ram, PLACE + 0x1000)));
    assertFalse(seen.holds(PLACE));
  }

  @Test
  void anotherMemoryInItsPlaceIsAChange() {
    assertTrue(changedBy(tx -> tx.delSubregion(ram).addSubregion(root, PLACE, other)));
  }

  @Test
  void somethingOverItsEndIsAChange() {
    assertTrue(changedBy(tx -> tx.addSubregion(root, PLACE + 0xff000, other, 1)));
  }

  @Test
  void memoryThatBecomesReadOnlyIsAChange() {
    assertTrue(changedBy(tx -> tx.setReadOnly(ram, true)));
  }

  @Test
  void loggingOnlyHoldsUpStores() {
    DirtyClient client = memory.dirtyClient("client");
    assertFalse(changedBy(tx -> tx.startLog(ram, client)));
    assertFalse(seen.takesStores());
    assertFalse(changedBy(tx -> tx.stopLog(ram, client)));
    assertTrue(seen.takesStores());
    client.close();
  }
}
