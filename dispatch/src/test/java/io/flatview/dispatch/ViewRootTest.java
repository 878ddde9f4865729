package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where rendering starts, and which spaces share a view. */
class ViewRootTest extends OnAMachine {

  private AddressSpace dma(MemoryRegion root) {
    return memory.addressSpace("dma", root);
  }

  private static void assertRoot(MemoryRegion root, AddressSpace space) {
    assertEquals(Optional.ofNullable(root), space.flatView().root());
  }

  @Test
  void aContainerWithoutEnabledChildrenHasNoViewRoot() {
    assertRoot(null, space);
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertRoot(ram, space);
    enable(ram, false);
    assertRoot(null, space);
  }

  @Test
  void aDisabledRootShowsNothing() {
    place(0, ram("ram", 0x1000));
    enable(system, false);
    assertRoot(null, space);
    assertView();
  }

  @Test
  void anEmptyRootShowsNothing() {
    AddressSpace nothing = dma(memory.container("empty", Size.EMPTY));
    assertView(nothing);
  }

  @Test
  void anOnlyChildThatStartsAtZeroIsTheViewRoot() {
    MemoryRegion.Container board = container("board", 0x10000);
    place(board, 0x1000, mmio("device", 0x1000));
    place(0, board);
    assertRoot(board, space);
    assertView("1000-1fff device @0");
  }

  @Test
  void aTargetThatShrinksToItsAliasBecomesTheViewRoot() {
    MemoryRegion.Container board = container("board", 0x4000);
    MemoryRegion whole = alias("whole", board, 0, 0x2000);
    place(board, 0x1000, mmio("device", 0x1000));
    AddressSpace dma = dma(whole);
    assertRoot(whole, dma);
    memory.update(tx -> tx.setSize(board, Size.bytes(0x2000)));
    assertRoot(board, dma);
    memory.update(tx -> tx.setSize(board, Size.bytes(0x4000)));
    assertRoot(whole, dma);
    assertView(dma, "1000-1fff device @0");
  }

  @Test
  void anOnlyChildElsewhereIsNotTheViewRoot() {
    place(0x1000, mmio("device", 0x1000));
    assertRoot(system, space);
  }

  @Test
  void anOnlyChildThatSticksOutIsNotTheViewRoot() {
    MemoryRegion.Container small = container("small", 0x1000);
    place(small, 0, mmio("large", 0x2000));
    AddressSpace dma = dma(small);
    assertRoot(small, dma);
    assertView(dma, "0-fff large @0");
  }

  @Test
  void aSecondEnabledChildMakesTheContainerTheViewRootAgain() {
    MemoryRegion first = mmio("first", 0x1000);
    MemoryRegion second = mmio("second", 0x1000);
    place(0, first);
    place(0x1000, second);
    assertRoot(system, space);
    enable(second, false);
    assertRoot(first, space);
    enable(second, true);
    assertRoot(system, space);
    assertView("0-fff first @0", "1000-1fff second @0");
  }

  @Test
  void aWholeAliasPassesThroughToItsTarget() {
    place(0x1000, mmio("a", 0x1000));
    place(0x4000, mmio("b", 0x1000));
    AddressSpace dma = dma(memory.alias("bus master", system, 0, Size.FULL));
    assertRoot(system, dma);
    assertSame(space.flatView(), dma.flatView());
  }

  @Test
  void aBusMasterContainerWithAWholeAliasSharesTheView() {
    place(0x1000, mmio("a", 0x1000));
    place(0x4000, mmio("b", 0x1000));
    MemoryRegion.Container busMaster = memory.container("bus master container", Size.FULL);
    MemoryRegion window = memory.alias("bus master", system, 0, Size.FULL);
    place(busMaster, 0, window);
    AddressSpace dma = dma(busMaster);
    assertSame(space.flatView(), dma.flatView());

    enable(window, false);
    assertView(dma);
    enable(window, true);
    assertSame(space.flatView(), dma.flatView());
  }

  @Test
  void spacesThatShareAViewShareItsChanges() {
    AddressSpace dma = dma(memory.alias("bus master", system, 0, Size.FULL));
    place(0x1000, mmio("late", 0x1000));
    assertView(dma, "1000-1fff late @0");
    assertSame(space.flatView(), dma.flatView());
  }

  @Test
  void aPartOfAnAliasIsAViewRootOfItsOwn() {
    MemoryRegion window = alias("window", system, 0, 0x2000);
    place(0x1000, mmio("device", 0x2000));
    AddressSpace dma = dma(window);
    assertRoot(window, dma);
    assertView(dma, "1000-1fff device @0");
  }

  @Test
  void anAliasWithAnOffsetIsAViewRootOfItsOwn() {
    place(0x1000, mmio("device", 0x1000));
    MemoryRegion window = memory.alias("window", system, 0x1000, Size.FULL);
    AddressSpace dma = dma(window);
    assertRoot(window, dma);
    assertView(dma, "0-fff device @0");
  }

  @Test
  void aWholeAliasAsRootIsNotShiftedByItsTargetsPlace() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0x4000_0000L, ram);
    assertView(dma(alias("whole", ram, 0, 0x1000)), "0-fff ram @0");
  }

  @Test
  void aWholeAliasOfALargerSizeEndsWithItsTarget() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0x4000_0000L, ram);
    assertView(dma(alias("whole", ram, 0, 0x8000)), "0-fff ram @0");
  }

  @Test
  void flagsOfSkippedContainersAndAliasesAreKept() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion.Container skipped = container("skipped", 0x1000);
    place(skipped, 0, alias("whole", ram, 0, 0x1000));
    AddressSpace dma = dma(skipped);
    memory.update(tx -> tx.setReadOnly(skipped, true).setNonVolatile(skipped.children().getFirst(), true));
    assertRoot(ram, dma);
    assertView(dma, "0-fff ram @0 ro nv");
  }

  @Test
  void spacesThatSkipDifferentFlagsDoNotShareAView() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion plain = alias("plain", ram, 0, 0x1000);
    MemoryRegion guarded = alias("guarded", ram, 0, 0x1000);
    memory.update(tx -> tx.setReadOnly(guarded, true));
    AddressSpace open = dma(plain);
    AddressSpace closed = dma(guarded);
    assertView(open, "0-fff ram @0");
    assertView(closed, "0-fff ram @0 ro");
    assertNotSame(open.flatView(), closed.flatView());
  }

  @Test
  void aRootThatIsPlacedShowsAtItsOffsetInItsContainer() {
    MemoryRegion.Container io = container("io", 0x10000);
    place(io, 0x100, mmio("device", 0x10));
    place(0x8000_0000L, io);
    assertView(dma(io), "80000100-8000010f device @0");
  }

  @Test
  void aRootGivenAnAddressShowsThere() {
    MemoryRegion ram = ram("ram", 0x1000);
    AddressSpace dma = dma(ram);
    memory.update(tx -> tx.setAddress(ram, 0x7000));
    assertView(dma, "7000-7fff ram @0");
  }

  @Test
  void aRootThatReachesPastTheLastAddressIsCutOff() {
    MemoryRegion.Container board = container("board", 0x4000);
    place(board, 0x800, mmio("device", 0x1000));
    memory.update(tx -> tx.setAddress(board, 0xffff_ffff_ffff_f000L));
    assertView(dma(board), "fffffffffffff800-ffffffffffffffff device @0");
  }

  @Test
  void aRootOfAnyKindIsAViewRoot() {
    MemoryRegion.Mmio device = mmio("device", 0x1000);
    AddressSpace dma = dma(device);
    assertRoot(device, dma);
    assertView(dma, "0-fff device @0");
  }

  @Test
  void aRootThatLeadsBackToItselfIsRefusedAndNotOpened() {
    MemoryRegion.Container loop = container("loop", 0x1000);
    place(loop, 0, alias("again", loop, 0, 0x1000));
    assertFault(MapFault.Id.ALIAS_RECURSION, () -> dma(loop), "'loop'");
    assertEquals(List.of(space), memory.addressSpaces());
    loop.children().forEach(this::remove);
    assertView(dma(loop));
  }

  @Test
  void aChangeThatMakesARootLeadBackToItselfIsTakenBack() {
    MemoryRegion.Container bus = memory.container("bus", Size.FULL);
    MemoryRegion device = mmio("device", 0x1000);
    MemoryRegion back = memory.alias("back", bus, 0, Size.FULL);
    place(bus, 0x1000, device);
    AddressSpace dma = dma(bus);
    assertFault(MapFault.Id.ALIAS_RECURSION,
        () -> memory.update(tx -> tx.delSubregion(device).addSubregion(bus, 0, back)), "'bus'");
    assertView(dma, "1000-1fff device @0");
    assertEquals(Optional.of(bus), device.parent());
  }
}
