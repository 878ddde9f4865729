package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuEvent.Kind;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The notifiers that mirror an IOMMU's mappings. */
class IommuNotifierTest extends OnAMachine {

  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  /** Maps pages whose number is odd, one to one, and takes note of the listening regions. */
  private final class OddPages implements IommuTranslator {

    final List<String> noted = new ArrayList<>();
    IllegalArgumentException refusal;

    @Override
    public void translate(long address, Access access, int index, MapReader by, IommuTlbEntry entry) {
      if ((address & 0x1000) != 0) {
        entry.grant(space, address, 0xfff, true, index == 0);
      } else {
        entry.deny(0xfff);
      }
    }

    @Override
    public int indexes() {
      return 2;
    }

    @Override
    public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<Kind> kinds) {
      if (refusal != null) {
        throw refusal;
      }
      noted.add(index + " " + kinds);
    }
  }

  private final OddPages translator = new OddPages();
  private final MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.kib(16), translator);
  private final List<IommuEvent> told = new ArrayList<>();

  private static AddressRange range(long first, long last) {
    return new AddressRange(first, last);
  }

  private IommuEvent.Map map(long first, long last, long target) {
    return new IommuEvent.Map(range(first, last), space, target, true, true);
  }

  private IommuNotifier.Registration listen(Set<Kind> kinds) {
    return iommu.addNotifier(new IommuNotifier("shadow", kinds, told::add));
  }

  @Test
  void everyKindThatIsWantedIsToldAndNoOther() {
    listen(EnumSet.of(Kind.UNMAP));
    iommu.notifyIommu(0, map(0x1000, 0x1fff, 0));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0x1000, 0x1fff)));
    iommu.notifyIommu(0, new IommuEvent.DeviotlbUnmap(range(0x1000, 0x1fff)));
    assertEquals(List.of(new IommuEvent.Unmap(range(0x1000, 0x1fff))), told);
  }

  /** A shadow that misses an unmap would keep a stale mapping. */
  @Test
  void aNotifierThatThrowsDoesNotKeepTheEventFromTheOthers() {
    RuntimeException first = new IllegalStateException("first");
    iommu.addNotifier(new IommuNotifier("broken", ALL, _ -> {
      throw first;
    }));
    listen(ALL);
    iommu.addNotifier(new IommuNotifier("sneaky", ALL, _ -> {
      throw Failure.rethrow(new IOException("second"));
    }));
    IommuEvent event = new IommuEvent.Unmap(range(0, 0xfff));
    assertSame(first, assertThrows(IllegalStateException.class, () -> iommu.notifyIommu(0, event)));
    assertEquals(List.of(event), told);
    assertEquals("second", first.getSuppressed()[0].getMessage());
  }

  @Test
  void anEventOfAnotherIndexIsNotTold() {
    listen(ALL);
    iommu.notifyIommu(1, new IommuEvent.Unmap(range(0, 0xfff)));
    assertEquals(List.of(), told);
  }

  /** QEMU crops the start and the mask, forgets the target, and makes masks that are not 2^n-1. */
  @Test
  void aCropMovesTheTargetWithTheStartAndNeedNotBeAPowerOfTwo() {
    iommu.addNotifier(new IommuNotifier("shadow", ALL, told::add).within(range(0x1100, 0x24ff)));
    iommu.notifyIommu(0, map(0x1000, 0x2fff, 0x8_0000));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0x2000, 0x2fff)));
    iommu.notifyIommu(0, new IommuEvent.DeviotlbUnmap(range(0, -1)));
    assertEquals(List.of(
        map(0x1100, 0x24ff, 0x8_0100),
        new IommuEvent.Unmap(range(0x2000, 0x24ff)),
        new IommuEvent.DeviotlbUnmap(range(0x1100, 0x24ff))), told);
  }

  @Test
  void anEventBesideTheRangeIsNotTold() {
    iommu.addNotifier(new IommuNotifier("shadow", ALL, told::add).within(range(0x1000, 0x1fff)));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0x2000, -1)));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0, 0xfff)));
    assertEquals(List.of(), told);
  }

  @Test
  void aReplayTellsMappedRangesAndNotPages() {
    MemoryRegion.Iommu wide = memory.iommu("wide", Size.FULL, (address, _, _, _, entry) -> {
      if (address >>> 40 == 0) {
        entry.grant(space, address, 0xfff_ffff, true, true);
      } else {
        entry.deny(0xff_ffff_ffffL);
      }
    });
    IommuNotifier.Registration shadow = wide.addNotifier(
        new IommuNotifier("shadow", ALL, told::add).within(range(0x1234, 0x1_0000_0000_0000L)));
    shadow.replay(reader);
    assertEquals(List.of(map(0x1234, 0xff_ffff_ffffL, 0x1234)), told);
  }

  @Test
  void aReplayKeepsHolesAndEndsWithTheRegion() {
    listen(ALL).replay(reader);
    assertEquals(List.of(map(0x1000, 0x1fff, 0x1000), map(0x3000, 0x3fff, 0x3000)), told);
  }

  @Test
  void aReplayOfAnotherIndexTellsItsPermissions() {
    IommuNotifier second = new IommuNotifier("shadow", ALL, range(0, 0x1fff), 1, 1, told::add);
    iommu.addNotifier(second).replay(reader);
    assertEquals(List.of(new IommuEvent.Map(range(0x1000, 0x1fff), space, 0x1000, true, false)), told);
  }

  @Test
  void aReplayForOneThatDoesNotWantMappingsIsRefusedWithTheCure() {
    IommuNotifier.Registration registration = listen(EnumSet.of(Kind.UNMAP));
    assertRefused(IllegalStateException.class, () -> registration.replay(reader), "'shadow'", "'iommu'", "MAP");
  }

  @Test
  void aClosedRegistrationIsNotToldAndNotReplayed() {
    IommuNotifier.Registration registration = listen(ALL);
    registration.close();
    registration.close();
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0, 0xfff)));
    assertEquals(List.of(), told);
    assertRefused(IllegalStateException.class, () -> registration.replay(reader), "'shadow'", "closed");
  }

  /** QEMU walks a list that the callback must not change. */
  @Test
  void aNotifierMayCloseItselfAndOthersFromInsideItsCallback() {
    List<IommuNotifier.Registration> all = new ArrayList<>();
    all.add(iommu.addNotifier(new IommuNotifier("first", ALL, event -> {
      told.add(event);
      all.forEach(IommuNotifier.Registration::close);
    })));
    all.add(listen(ALL));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0, 0xfff)));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0x1000, 0x1fff)));
    assertEquals(List.of(new IommuEvent.Unmap(range(0, 0xfff))), told);
  }

  @Test
  void aNotifierThatClosesItselfDuringItsReplayIsToldNoMore() {
    IommuNotifier.Registration[] self = new IommuNotifier.Registration[1];
    self[0] = iommu.addNotifier(new IommuNotifier("shy", ALL, event -> {
      told.add(event);
      self[0].close();
    }));
    self[0].replay(reader);
    assertEquals(1, told.size());
  }

  @Test
  void aNotifierRegisteredFromInsideACallbackIsToldOfTheNextEvent() {
    iommu.addNotifier(new IommuNotifier("first", ALL, event -> {
      if (event.range().first() == 0) {
        listen(ALL);
      }
    }));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0, 0xfff)));
    iommu.notifyIommu(0, new IommuEvent.Unmap(range(0x1000, 0x1fff)));
    assertEquals(List.of(new IommuEvent.Unmap(range(0x1000, 0x1fff))), told);
  }

  @Test
  void theTranslatorHearsWhatIsWantedOfEachIndex() {
    IommuNotifier.Registration unmaps = listen(EnumSet.of(Kind.UNMAP));
    IommuNotifier.Registration maps = listen(EnumSet.of(Kind.MAP));
    iommu.addNotifier(new IommuNotifier("other", EnumSet.of(Kind.MAP), AddressRange.ALL, 1, 1, told::add));
    unmaps.close();
    maps.close();
    assertEquals(List.of("0 [UNMAP]", "0 [MAP, UNMAP]", "1 [MAP]", "0 [MAP]", "0 []"), translator.noted);
  }

  // Refusals

  private void assertNotRegistered(IommuNotifier notifier, String... inMessage) {
    MapException refused = assertThrows(MapException.class, () -> iommu.addNotifier(notifier));
    assertEquals(MapFault.Id.NOTIFIER_REFUSED, refused.faults().getFirst().id());
    for (String part : inMessage) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
    iommu.notifyIommu(notifier.index(), new IommuEvent.Unmap(range(0, 0xfff)));
    assertEquals(List.of(), told);
  }

  /** virtio-iommu in QEMU stopped the machine over a flag that it could not serve. */
  @Test
  void aTranslatorMayRefuseANotifierAndBothAreNamed() {
    translator.refusal = new IllegalArgumentException("cannot tell mappings");
    assertNotRegistered(new IommuNotifier("shadow", ALL, told::add), "'shadow'", "'iommu'", "cannot tell mappings");
  }

  @Test
  void anIndexThatTheIommuHasNotIsRefused() {
    assertNotRegistered(new IommuNotifier("shadow", ALL, AddressRange.ALL, 2, 1, told::add), "'shadow'", "index 2");
  }

  /** A host with 64 KiB pages cannot follow mappings of 4 KiB. */
  @Test
  void aNotifierThatCannotFollowTheSmallestPageIsRefused() {
    assertNotRegistered(new IommuNotifier("shadow", ALL, AddressRange.ALL, 0, 0x1_0000, told::add),
        "0000000000001000", "0000000000010000");
    iommu.addNotifier(new IommuNotifier("fine", ALL, AddressRange.ALL, 0, 0x1000, told::add));
  }

  @Test
  void aClosedRegionTakesNoNotifier() {
    iommu.close();
    assertNotRegistered(new IommuNotifier("shadow", ALL, told::add), "'shadow'", "closed");
  }

  @Test
  void aNotifierThatMakesNoSenseIsRefusedBeforeItIsRegistered() {
    assertRefused(IllegalArgumentException.class, () -> new IommuNotifier("idle", Set.of(), told::add), "'idle'");
    assertRefused(IllegalArgumentException.class,
        () -> new IommuNotifier("odd", ALL, AddressRange.ALL, 0, 3, told::add), "'odd'", "power of two");
    assertRefused(IllegalArgumentException.class,
        () -> new IommuNotifier("low", ALL, AddressRange.ALL, -1, 1, told::add), "'low'", "-1");
  }

  // Faults

  /** The calls of a translator for refused accesses. */
  private static final class Refusals implements IommuTranslator {

    final List<String> noted = new ArrayList<>();
    final IommuTranslator by;

    Refusals(IommuTranslator by) {
      this.by = by;
    }

    @Override
    public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
      by.translate(address, access, index, reader, entry);
    }

    @Override
    public void refused(long address, Access access, int index, Translation.Fault fault,
        IommuTlbEntry entry, MapReader reader) {
      noted.add(fault + " " + access + " " + AddressRange.hex(address) + " " + entry.reason() + " " + entry.detail());
    }
  }

  @Test
  void theOwnerIsToldOfARefusedAccessWithTheReasonItGave() {
    Refusals owner = new Refusals((_, access, _, _, entry) -> entry.deny(0xfff, access.ordinal() + 40, 7));
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("owned", Size.FULL, owner));
    reader.load(dma, 0x1230, 4);
    reader.store(dma, 0x4000, 1, 0);
    assertEquals(List.of(
        "PERMISSION READ 0000000000001230 40 7", "PERMISSION WRITE 0000000000004000 41 7"), owner.noted);
  }

  @Test
  void theOwnerOfTheLastIommuIsToldOfACircle() {
    AddressSpace[] self = new AddressSpace[1];
    Refusals owner = new Refusals((_, _, _, _, entry) -> entry.grant(self[0], 0, 0xfff, true, true));
    self[0] = memory.addressSpace("self", memory.iommu("circle", Size.FULL, owner));
    assertEquals(0, reader.load(self[0], 0x123, 1));
    assertEquals(List.of("HOP_LIMIT READ 0000000000000123 0 0"), owner.noted);
  }

  @Test
  void aReplayReportsNoFaults() {
    Refusals owner = new Refusals((_, _, _, _, entry) -> entry.deny(-1));
    memory.iommu("quiet", Size.FULL, owner).addNotifier(new IommuNotifier("shadow", ALL, told::add)).replay(reader);
    assertEquals(List.of(), told);
    assertEquals(List.of(), owner.noted);
  }

  @Test
  void theTargetOfACroppedMappingIsTheSameSpace() {
    IommuEvent.Map part = (IommuEvent.Map) map(0, 0xffff, 0).crop(range(0x8000, -1)).orElseThrow();
    assertSame(space, part.target());
    assertTrue(map(0, 0xff, 0).crop(range(0x100, 0x200)).isEmpty());
  }
}
