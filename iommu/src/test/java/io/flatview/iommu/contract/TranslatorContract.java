package io.flatview.iommu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link IommuTranslator} as tests, to be passed by every model of an IOMMU. A model's test extends
 * this class and says how to make a memory system and the model.
 */
public abstract class TranslatorContract {

  private static final int RAM_MIB = 8;
  private static final long PAGE = 0x1000;
  private static final int STEPS = 150;

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final IommuTlbEntry entry = new IommuTlbEntry();
  private MemorySystem system;
  private AddressSpace memory;
  private TranslatorSubject subject;
  private MemoryRegion.Iommu region;
  private AddressSpace bus;
  private MapReader reader;

  /** What is mapped: the first address, and what was said of it. */
  private final TreeMap<Long, Mapped> mapped = new TreeMap<>(Long::compareUnsigned);

  private record Mapped(long size, long target, boolean writable) {}

  /** For subclasses. */
  protected TranslatorContract() {}

  /**
   * Makes a memory system.
   *
   * @param reclaim its reclamation policy
   * @return a new one
   */
  protected abstract MemorySystem newSystem(ManualReclaimPolicy reclaim);

  /**
   * Makes the model under test.
   *
   * @param in a memory system
   * @param to RAM of 8 MiB at 0: where addresses lead, and where the model's tables may be from 4 MiB on
   * @param reclaim the policy of the memory system
   * @return a new one
   */
  protected abstract TranslatorSubject newSubject(MemorySystem in, AddressSpace to, ManualReclaimPolicy reclaim);

  /**
   * Where addresses begin that the model can map, 16 MiB of them.
   *
   * @return a multiple of 16 MiB
   */
  protected long base() {
    return 0x4000_0000L;
  }

  /**
   * Whether the model refuses nothing: what is not mapped leads to the same address, and all that is mapped can be
   * written. For models that only lead elsewhere; their {@link #base()} is 0.
   *
   * @return false by default
   */
  protected boolean leadsStraightOn() {
    return false;
  }

  /**
   * Whether the model calls notifiers. One that does not must refuse them.
   *
   * @return true by default
   */
  protected boolean notifies() {
    return true;
  }

  @BeforeEach
  final void open() {
    system = newSystem(policy);
    memory = system.addressSpace("memory", system.ram("ram", Size.mib(RAM_MIB)));
    subject = newSubject(system, memory, policy);
    region = system.iommu("bus", Size.FULL, subject.translator());
    bus = system.addressSpace("bus", region);
    reader = system.newReader("contract");
  }

  @AfterEach
  final void close() {
    subject.close();
    reader.close();
    system.close();
    policy.runGracePeriod();
    policy.close();
  }

  private void map(long at, long size, long target, boolean writable) {
    mapped.put(base() + at, new Mapped(size, target, writable || leadsStraightOn()));
    subject.map(base() + at, size, target, writable);
  }

  private void unmap(long at) {
    subject.unmap(base() + at, mapped.remove(base() + at).size());
  }

  private boolean grants(long address, Access access) {
    entry.deny();
    subject.translator().translate(address, access, 0, reader, entry);
    return entry.permits(access);
  }

  /** Where an address should lead, or -1. */
  private long expected(long address, Access access) {
    Map.Entry<Long, Mapped> below = mapped.floorEntry(address);
    if (below == null || address - below.getKey() >= below.getValue().size()
        || access.writes() && !below.getValue().writable()) {
      return leadsStraightOn() ? address : -1;
    }
    return below.getValue().target() + (address - below.getKey());
  }

  /** The result of an access to an address that is not mapped. */
  private MemTxResult unmapped() {
    return leadsStraightOn() ? MemTxResult.OK : MemTxResult.DECODE_ERROR;
  }

  private void assertLeads(long address, Access access) {
    long to = expected(address, access);
    Translation found = reader.translate(bus, address, 1, access);
    assertEquals(to < 0 ? Translation.Fault.PERMISSION : Translation.Fault.NONE, found.fault(),
        () -> access + " of " + AddressRange.hex(address));
    if (to >= 0) {
      assertSame(memory, found.addressSpace());
      assertEquals(AddressRange.hex(to), AddressRange.hex(found.address()));
    }
  }

  // Targets and permissions

  /** Mapped addresses lead where they should, and others nowhere. */
  @Test
  public void mappedAddressesLeadToTheirTargetsAndOthersAreRefused() {
    map(0x3000, PAGE, 0x10_0000, true);
    map(0x5000, 3 * PAGE, 0x7000, false);
    try (ReadSection _ = reader.enter()) {
      for (long at = 0; at < 0x1_0000; at += 0x3ff) {
        assertLeads(base() + at, Access.READ);
        assertLeads(base() + at, Access.WRITE);
      }
    }
  }

  /** What an answer permits is what asking for it gives. */
  @Test
  public void whatAnAnswerPermitsIsWhatAskingGives() {
    map(0, PAGE, 0x10_0000, true);
    map(PAGE, PAGE, 0x20_0000, false);
    try (ReadSection _ = reader.enter()) {
      for (long at = 0; at < 3 * PAGE; at += 0x800) {
        for (Access asked : Access.values()) {
          grants(base() + at, asked);
          IommuTlbEntry first = new IommuTlbEntry();
          subject.translator().translate(base() + at, asked, 0, reader, first);
          for (Access other : Access.values()) {
            assertTrue(!first.permits(other) || grants(base() + at, other), asked + " permits " + other);
          }
        }
      }
    }
  }

  /** A granted block is mapped in all its addresses, and the target has the block's alignment. */
  @Test
  public void aGrantedBlockDoesNotReachBeyondWhatIsMapped() {
    map(0x1000, 7 * PAGE, 0x3000, true);
    map(0x10_0000, 0x20_0000, 0x20_0000, true);
    try (ReadSection _ = reader.enter()) {
      for (long at = 0x1000; at < 0x8000; at += 0x777) {
        assertBlockIsMapped(base() + at);
      }
      assertBlockIsMapped(base() + 0x10_0000);
      assertBlockIsMapped(base() + 0x2f_ffff);
    }
  }

  private void assertBlockIsMapped(long address) {
    assertTrue(grants(address, Access.READ));
    long mask = entry.addrMask();
    assertEquals(0, mask & mask + 1, () -> AddressRange.hex(mask));
    for (long other : new long[] {address & ~mask, address | mask, address & ~mask | mask >>> 1, address}) {
      assertEquals(AddressRange.hex(expected(other, Access.READ)), AddressRange.hex(entry.apply(other)),
          () -> AddressRange.hex(other) + " in the block of " + AddressRange.hex(address));
    }
  }

  /** A denied block holds nothing that is mapped: replays pass it by. */
  @Test
  public void aDeniedBlockHoldsNothingThatIsMapped() {
    map(0x8_0000, PAGE, 0x10_0000, true);
    try (ReadSection _ = reader.enter()) {
      for (long at = 0; at < 0x10_0000; at += 0x1000) {
        if (!grants(base() + at, Access.READ) && !grants(base() + at, Access.WRITE)) {
          long mask = entry.addrMask();
          long address = base() + at;
          assertFalse(new AddressRange(address & ~mask, address | mask).contains(base() + 0x8_0000),
              () -> AddressRange.hex(address) + " is denied as a block of " + AddressRange.hex(mask));
        }
      }
    }
  }

  /** A transfer over several blocks is cut at their borders. */
  @Test
  public void transfersAreCutAtBlocks() {
    map(0, PAGE, 0x5000, true);
    map(PAGE, PAGE, 0x2000, true);
    map(2 * PAGE, PAGE, 0x9000, false);
    byte[] bytes = new byte[0x1800];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    assertEquals(MemTxResult.OK, reader.write(bus, base() + 0x400, bytes, 0, bytes.length));
    byte[] back = new byte[bytes.length];
    reader.read(memory, 0x5400, back, 0, 0xc00);
    reader.read(memory, 0x2000, back, 0xc00, 0xc00);
    assertEquals(List.of(bytes[0], bytes[0xbff], bytes[0xc00], bytes[0x17ff]),
        List.of(back[0], back[0xbff], back[0xc00], back[0x17ff]));
    assertEquals(unmapped(), reader.write(bus, base() + 0x1fff, bytes, 0, 2));
    assertEquals(leadsStraightOn() ? bytes[1] : 0, reader.load(memory, 0x9000, 1));
  }

  /** Attributes choose one of the tables there are. */
  @Test
  public void attributesChooseATableThatThereIs() {
    List<MemTxAttrs> all = List.of(MemTxAttrs.UNSPECIFIED, MemTxAttrs.UNSPECIFIED.withPid(0),
        MemTxAttrs.UNSPECIFIED.withPid(0xf_ffff).asPrivileged(), MemTxAttrs.ofRequester(0xffff).asUser());
    for (MemTxAttrs attributes : all) {
      int index = subject.translator().indexOf(attributes);
      assertTrue(index >= 0 && index < subject.translator().indexes(), () -> attributes + " has index " + index);
    }
  }

  // Changes

  /** What was granted before is not used by a section that begins after it was unmapped. */
  @Test
  public void nothingThatWasUnmappedIsUsedByASectionThatBeginsLater() {
    for (long size : new long[] {PAGE, 0x20_0000}) {
      map(0, size, 0x20_0000, true);
      for (int i = 0; i < 3; i++) {
        assertEquals(MemTxResult.OK, reader.store(bus, base() + 0x123, 1, i));
      }
      unmap(0);
      assertEquals(unmapped(), reader.store(bus, base() + 0x123, 1, 7));
      assertEquals(2, reader.load(memory, 0x20_0123, 1));
    }
  }

  /** The same for a reader that was in the middle of a section; a grace period waits for that one. */
  @Test
  public void whenAGracePeriodHasPassedNobodyUsesWhatWasUnmapped() {
    map(0, PAGE, 0x20_0000, true);
    boolean[] passed = {false};
    try (ReadSection _ = reader.enter()) {
      assertLeads(base(), Access.WRITE);
      unmap(0);
      policy.retire(() -> passed[0] = true);
      policy.runGracePeriod();
      assertFalse(passed[0], "a section that may use the old answer is open");
      reader.store(bus, base(), 8, 1);
    }
    policy.runGracePeriod();
    assertTrue(passed[0]);
    reader.store(memory, 0x20_0000, 8, 0);
    assertEquals(unmapped(), reader.store(bus, base(), 8, 2));
    assertEquals(0, reader.load(memory, 0x20_0000, 8));
  }

  /** An address that leads elsewhere leads there at once, whatever readers and caches have learned. */
  @Test
  public void aNewTargetIsSeenByTheNextSection() {
    for (int i = 1; i <= 5; i++) {
      map(0, PAGE, 0x10_0000L + i * PAGE, true);
      for (int repeat = 0; repeat < 3; repeat++) {
        assertEquals(MemTxResult.OK, reader.store(bus, base() + 8L * repeat, 8, i));
        assertEquals(i, reader.load(memory, 0x10_0000L + i * PAGE + 8L * repeat, 8));
      }
      unmap(0);
    }
  }

  /** What was refused before may be granted: a refusal is not remembered. */
  @Test
  public void aRefusalIsNotRemembered() {
    for (int i = 0; i < 3; i++) {
      assertEquals(unmapped(), reader.store(bus, base(), 8, i));
      map(0, PAGE, 0x10_0000, true);
      assertEquals(MemTxResult.OK, reader.store(bus, base(), 8, i));
      unmap(0);
    }
  }

  /** An answer that may be used again stands for its whole block until something changes. */
  @Test
  public void anAnswerIsReusableUntilSomethingChanges() {
    map(0, 4 * PAGE, 0x10_0000, true);
    IommuTlbEntry kept = new IommuTlbEntry();
    try (ReadSection _ = reader.enter()) {
      subject.translator().translate(base(), Access.WRITE, 0, reader, kept);
      for (long other = 0; kept.isReusable() && other <= kept.addrMask() && other < 4 * PAGE; other += 0x800) {
        assertTrue(grants(base() + other, Access.WRITE));
        assertEquals(entry.apply(base() + other), kept.apply(base() + other));
      }
    }
    unmap(0);
    assertFalse(kept.isReusable());
  }

  // Notifiers

  private final Map<Long, String> mirror = new TreeMap<>(Long::compareUnsigned);

  private void hear(IommuEvent event) {
    for (long page = event.range().first(); Long.compareUnsigned(page, event.range().last()) <= 0; page += PAGE) {
      switch (event) {
        case IommuEvent.Map map -> mirror.put(page, (map.writable() ? "w " : "r ")
            + AddressRange.hex(map.targetFirst() + (page - map.range().first())));
        case IommuEvent.Unmap _ -> mirror.remove(page);
        case IommuEvent.DeviotlbUnmap _ -> {
          // Of no interest to a notifier that keeps a mirror.
        }
      }
    }
  }

  private Map<Long, String> accessible() {
    Map<Long, String> pages = new TreeMap<>(Long::compareUnsigned);
    mapped.forEach((first, area) -> {
      for (long at = 0; at < area.size(); at += PAGE) {
        pages.put(first + at, (area.writable() ? "w " : "r ") + AddressRange.hex(area.target() + at));
      }
    });
    return pages;
  }

  private IommuNotifier.Registration listen(List<IommuEvent> told) {
    return region.addNotifier(new IommuNotifier("contract", EnumSet.of(IommuEvent.Kind.MAP, IommuEvent.Kind.UNMAP),
        told::add).within(new AddressRange(base(), base() + 0xff_ffff)));
  }

  private void assertRefusesNotifiers() {
    String refusal = assertThrows(MapException.class, () -> listen(new ArrayList<>())).getMessage();
    assertTrue(refusal.contains("'contract'"), refusal);
  }

  /**
   * A replay tells what accesses get, in ascending order, and neighbours that continue each other at once. A model
   * without notifiers refuses them.
   */
  @Test
  public void aReplayTellsWhatAccessesGet() {
    if (!notifies()) {
      assertRefusesNotifiers();
      return;
    }
    map(0x1000, PAGE, 0x10_0000, true);
    map(0x2000, 3 * PAGE, 0x10_1000, true);
    map(0x5000, PAGE, 0x10_4000, false);
    map(0x20_0000, 0x20_0000, 0x20_0000, true);
    List<IommuEvent> told = new ArrayList<>();
    try (IommuNotifier.Registration notifier = listen(told)) {
      notifier.replay(reader);
    }
    told.forEach(this::hear);
    assertEquals(accessible(), mirror);
    for (int i = 1; i < told.size(); i++) {
      IommuEvent.Map before = (IommuEvent.Map) told.get(i - 1);
      IommuEvent.Map after = (IommuEvent.Map) told.get(i);
      assertTrue(Long.compareUnsigned(before.range().last(), after.range().first()) < 0, told::toString);
      assertFalse(before.isContinuedBy(after), told::toString);
    }
  }

  /**
   * A notifier that gets every event knows what accesses get, after each, and so does one that asks for a replay then.
   */
  @Test
  public void aMirrorFollowsEveryChange() {
    Random random = new Random(7);
    if (notifies()) {
      followChanges(random);
    } else {
      assertRefusesNotifiers();
      for (int step = 0; step < STEPS; step++) {
        change(random);
        probe(random);
      }
    }
  }

  private void followChanges(Random random) {
    List<IommuEvent> told = new ArrayList<>();
    try (IommuNotifier.Registration notifier = listen(told)) {
      notifier.replay(reader);
      for (int step = 0; step < STEPS; step++) {
        change(random);
        told.forEach(this::hear);
        told.clear();
        assertEquals(accessible(), mirror);
        probe(random);
      }
      mirror.clear();
      notifier.replay(reader);
      told.forEach(this::hear);
      assertEquals(accessible(), mirror);
    }
    told.clear();
    change(random);
    assertEquals(List.of(), told, "a notifier that is closed hears nothing");
  }

  private void change(Random random) {
    long slot = random.nextInt(16) * 0x4000L;
    if (mapped.containsKey(base() + slot)) {
      unmap(slot);
    } else {
      map(slot, (1 + random.nextInt(4)) * PAGE, random.nextInt(512) * PAGE, random.nextBoolean());
    }
  }

  private void probe(Random random) {
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 8; i++) {
        long address = base() + random.nextInt(0x4_0000);
        assertLeads(address, Access.READ);
        assertLeads(address, Access.WRITE);
      }
    }
  }
}
