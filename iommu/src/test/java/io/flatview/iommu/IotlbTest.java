package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.Size;
import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IotlbTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final AddressSpace target = memory.addressSpace("target", memory.container("root", Size.FULL));
  private final Iotlb iotlb = new Iotlb(policy, target, 1 << 14);
  private final Iotlb.Miss miss = new Iotlb.Miss();
  private final IommuTlbEntry entry = new IommuTlbEntry();
  private ReadSection section;

  @BeforeEach
  void enter() {
    section = policy.currentReader().enter();
  }

  @AfterEach
  void leave() {
    section.close();
    iotlb.close();
    memory.close();
    policy.close();
    assertEquals(List.of(), policy.failures());
  }

  private void begin(int source, int index, int domain, long address) {
    iotlb.begin(miss, source, index, address);
    iotlb.enter(miss, domain);
  }

  private void keep(int source, int index, int domain, long address, long to, long mask) {
    begin(source, index, domain, address);
    iotlb.fill(miss, to, mask, true, true);
  }

  private boolean holds(int source, int index, long address) {
    return iotlb.lookup(source, index, address, Access.READ, entry);
  }

  @Test
  void whatWasKeptIsFoundUnderItsSourceIndexAndPage() {
    keep(3, 4, 0, 0x1234_5678L, 0x9_8678L, 0xfff);
    assertTrue(holds(3, 4, 0x1234_5000L));
    assertSame(target, entry.target());
    assertEquals(0x9_8004, entry.apply(0x1234_5004L));
    assertEquals(0xfff, entry.addrMask());
    assertFalse(holds(4, 4, 0x1234_5678L));
    assertFalse(holds(3, 5, 0x1234_5678L));
    assertFalse(holds(3, 4, 0x1234_6000L));
    assertFalse(holds(3, 4, 0x8000_0000_1234_5678L));
  }

  /** Where all share one place. */
  @Test
  void sourceIndexAndAllBitsOfThePageAreCompared() {
    try (Iotlb tiny = new Iotlb(policy, target, 2)) {
      tiny.begin(miss, 3, 4, 0x1234_5678L);
      tiny.enter(miss, 0);
      tiny.fill(miss, 0x9_8678L, 0xfff, true, true);
      assertTrue(tiny.lookup(3, 4, 0x1234_5000L, Access.READ, entry));
      for (int bit = 0; bit < 24; bit++) {
        assertFalse(tiny.lookup(3 ^ 1 << bit, 4, 0x1234_5000L, Access.READ, entry));
        assertFalse(tiny.lookup(3, 4 ^ 1 << bit, 0x1234_5000L, Access.READ, entry));
      }
      for (int bit = 12; bit < 64; bit++) {
        assertFalse(tiny.lookup(3, 4, 0x1234_5000L ^ 1L << bit, Access.READ, entry));
      }
    }
  }

  @Test
  void aPermissionThatWasNotGrantedIsAMiss() {
    begin(1, 0, 0, 0x1000);
    iotlb.fill(miss, 0, 0xfff, true, false);
    assertTrue(iotlb.lookup(1, 0, 0x1000, Access.READ, entry));
    assertFalse(entry.permits(Access.WRITE));
    assertFalse(iotlb.lookup(1, 0, 0x1000, Access.WRITE, entry));
    begin(1, 0, 0, 0x1000);
    iotlb.fill(miss, 0, 0xfff, false, true);
    assertTrue(iotlb.lookup(1, 0, 0x1000, Access.WRITE, entry));
    assertFalse(entry.permits(Access.READ));
  }

  @Test
  void aLargeBlockIsKeptAsFarAsTwoMebibytes() {
    keep(1, 0, 0, 0x7fff_ffff_f000L, 0x3fff_f000L, 0x3fff_ffff);
    assertTrue(holds(1, 0, 0x7fff_ffff_f008L));
    assertEquals(0x1f_ffff, entry.addrMask());
    assertEquals(0x3fff_f008L, entry.apply(0x7fff_ffff_f008L));
  }

  @Test
  void aBlockBelowAPageIsNotKept() {
    keep(1, 0, 0, 0x1000, 0, 0xff);
    assertFalse(holds(1, 0, 0x1000));
  }

  // Invalidation

  @Test
  void eachWayOfInvalidatingReachesWhatItNames() {
    Runnable[] ways = {
      iotlb::invalidateAll, () -> iotlb.invalidateSource(1), () -> iotlb.invalidateDomain(77),
      () -> iotlb.invalidate(new AddressRange(0x5000, 0x5000)), () -> iotlb.invalidate(AddressRange.ALL),
      () -> iotlb.invalidate(new AddressRange(0, 0xf_ffff)),
    };
    for (Runnable way : ways) {
      keep(1, 2, 77, 0x5000, 0x8000, 0xfff);
      assertTrue(holds(1, 2, 0x5000));
      assertTrue(entry.isReusable());
      way.run();
      assertFalse(entry.isReusable());
      assertFalse(holds(1, 2, 0x5000));
    }
  }

  @Test
  void whatIsNotNamedStays() {
    keep(1, 2, 77, 0x5000, 0x8000, 0xfff);
    iotlb.invalidateSource(2);
    iotlb.invalidateDomain(78);
    iotlb.invalidate(new AddressRange(0x4000, 0x4fff));
    iotlb.invalidate(new AddressRange(0x6000, 0x6fff));
    assertTrue(holds(1, 2, 0x5000));
  }

  @Test
  void anInvalidationOfOnePageReachesALargeBlockAroundIt() {
    keep(1, 0, 0, 0x20_3000, 0x40_3000, 0x1f_ffff);
    iotlb.invalidate(new AddressRange(0x3f_f000, 0x3f_ffff));
    assertFalse(holds(1, 0, 0x20_3000));
  }

  @Test
  void aRangeAcrossTwoChunksReachesBoth() {
    keep(1, 0, 0, 0x1f_0000, 0, 0x1f_ffff);
    keep(1, 0, 0, 0x20_0000, 0, 0x1f_ffff);
    iotlb.invalidate(new AddressRange(0x1f_f000, 0x20_0fff));
    assertFalse(holds(1, 0, 0x1f_0000));
    assertFalse(holds(1, 0, 0x20_0000));
  }

  /** The reader walked before the mapper's store, and fills after the invalidation. */
  @Test
  void aMissThatBeganBeforeAnInvalidationIsNotFoundAfterIt() {
    Runnable[] ways = {
      iotlb::invalidateAll, () -> iotlb.invalidateSource(1), () -> iotlb.invalidateDomain(77),
      () -> iotlb.invalidate(new AddressRange(0x5000, 0x5fff)),
    };
    for (Runnable way : ways) {
      begin(1, 2, 77, 0x5000);
      way.run();
      iotlb.fill(miss, 0x8000, 0xfff, true, true);
      entry.grant(target, 0x8000, 0xfff, true, true);
      iotlb.allowReuse(miss, entry);
      assertFalse(entry.isReusable());
      assertFalse(holds(1, 2, 0x5000));
    }
  }

  // Storage

  /** Forbidden: a device's access fails as the policy takes no more. */
  @Test
  void aCrowdedTableGrowsThoughThePolicyIsFull() {
    ReclaimOptions options = ReclaimOptions.defaults().withBacklog(1, BacklogPolicy.REJECT);
    try (ReclaimPolicy full = ReclaimPolicies.discover("epoch", options);
        Iotlb grown = new Iotlb(full, target, 1 << 14)) {
      try (ReadSection _ = full.currentReader().enter()) {
        for (long fill = 0; fill < 4 * 8192; fill++) {
          long address = (fill & 8191) << 12;
          grown.begin(miss, 1, 0, address);
          grown.enter(miss, 0);
          grown.fill(miss, address, 0xfff, true, true);
        }
      }
      assertEquals(1 << 14, grown.capacity());
      assertEquals(1, full.statistics().retired());
    }
  }

  @Test
  void aCrowdedTableGrowsAndTheOldOneIsReclaimedAfterTheGracePeriod() {
    int before = iotlb.capacity();
    for (int round = 0; round < 4; round++) {
      for (long page = 0; page < 8192; page++) {
        keep(1, 0, 0, page << 12, page << 12, 0xfff);
      }
    }
    assertTrue(iotlb.capacity() > before);
    assertTrue(policy.pending() > 0);
    assertEquals(1 << 14, iotlb.capacity());
    int held = 0;
    for (long page = 0; page < 8192; page++) {
      held += holds(1, 0, page << 12) ? 1 : 0;
    }
    assertTrue(held > 7000, "only " + held + " of 8192 pages are held");
  }

  /** The broken twin: a reader that goes on with a table after its section. */
  @Test
  void aTableThatIsUsedAfterItsGracePeriodIsNoticed() {
    keep(1, 0, 0, 0x5000, 0, 0xfff);
    IotlbTable kept = miss.table;
    iotlb.close();
    assertFalse(kept.lookup(new IotlbStamps(), IotlbTable.key(1, 0), 0x5000, Access.WRITE, target, entry)
        && policy.pending() == 0);
    section.close();
    policy.runGracePeriod();
    section = policy.currentReader().enter();
    assertThrows(IllegalStateException.class,
        () -> kept.lookup(new IotlbStamps(), IotlbTable.key(1, 0), 0x5000, Access.READ, target, entry));
  }

  @Test
  void aSizeThatIsNotAPowerOfTwoIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Iotlb(policy, target, 3));
    assertThrows(IllegalArgumentException.class, () -> new Iotlb(policy, target, 1));
  }
}
