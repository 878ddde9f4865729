package io.flatview.examples.virt64.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever a commit does: if the sections are said to be as they were, every page of them leads where it led when it
 * was looked up. Twins that look less closely are caught.
 */
class SeenSectionsPropertyTest {

  private static final int CHANGES = 2_000;
  private static final long PLACE = 0x8000_0000L;
  private static final int PAGES = 16;
  private static final long PAGE = 4096;

  private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container root = memory.container("root", Size.FULL);
  private final AddressSpace space = memory.addressSpace("space", root);
  private final MemoryRegion.Ram store = memory.ram("store", Size.mib(1));
  private final MemoryRegion.Ram patch = memory.ram("patch", Size.bytes(PAGE));
  private final MemoryRegion.Alias window = memory.alias("window", store, 0, Size.bytes(PAGES * PAGE));
  private final MapReader reader = memory.newReader("test");
  private final MemorySegment[] kept = new MemorySegment[PAGES];
  private final long[] offset = new long[PAGES];

  @BeforeEach
  void place() {
    memory.update(tx -> tx
        .addSubregion(root, PLACE, window)
        .addSubregion(root, PLACE, patch, 1)
        .setEnabled(patch, false));
  }

  @AfterEach
  void close() {
    reader.close();
    memory.update(tx -> tx.delSubregion(window).delSubregion(patch));
    window.close();
    store.close();
    patch.close();
    memory.close();
    policy.close();
  }

  private void change(Random random, Transaction tx) {
    switch (random.nextInt(5)) {
      case 0 -> tx.setAliasOffset(window, random.nextInt(4) * PAGE);
      case 1 -> tx.setEnabled(patch, random.nextBoolean());
      case 2 -> tx.setAddress(patch, PLACE + random.nextInt(PAGES) * PAGE);
      case 3 -> tx.setAddress(window, PLACE + random.nextInt(2) * PAGE);
      default -> tx.setReadOnly(window, random.nextBoolean());
    }
  }

  /** What is entered into a translation cache: pages of sections that are looked after. */
  private void keepAll(SeenSections seen) {
    for (int page = 0; page < PAGES; page++) {
      long address = PLACE + page * PAGE;
      if (!seen.holds(address) && !seen.isFull()) {
        seen.add(reader, address);
      }
      Translation found = reader.translate(space, address, PAGE, Access.READ);
      kept[page] = seen.holds(address) ? found.memory() : null;
      offset[page] = found.offset();
    }
  }

  private int wrongPages() {
    int wrong = 0;
    for (int page = 0; page < PAGES; page++) {
      Translation found = reader.translate(space, PLACE + page * PAGE, PAGE, Access.READ);
      if (kept[page] != null && (found.memory() != kept[page] || found.offset() != offset[page])) {
        wrong++;
      }
    }
    return wrong;
  }

  /** @return how many pages led elsewhere while all was said to be as before */
  private int wrong(SeenSections seen) {
    Random random = new Random(1);
    int wrong = 0;
    int held = 0;
    for (int i = 0; i < CHANGES; i++) {
      memory.update(tx -> change(random, tx));
      try (ReadSection _ = reader.enter()) {
        if (!seen.haveChanged(reader)) {
          wrong += wrongPages();
          held++;
        }
        seen.clear();
        keepAll(seen);
      }
    }
    assertTrue(held > CHANGES / 20, held + " commits changed nothing");
    return wrong;
  }

  @Test
  void whatIsKeptLeadsWhereItLed() {
    assertEquals(0, wrong(new SeenSections(space)));
  }

  @Test
  void aTwinThatDoesNotLookAtOffsetsIsCaught() {
    assertTrue(wrong(new SeenSections(space) {
      @Override
      boolean isAtItsOffset(Seen seen, Translation found) {
        return true;
      }
    }) > 0);
  }

  @Test
  void aTwinThatDoesNotLookForBreaksIsCaught() {
    assertTrue(wrong(new SeenSections(space) {
      @Override
      boolean isUnbroken(Seen seen, Translation found) {
        return true;
      }
    }) > 0);
  }
}
