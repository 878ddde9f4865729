package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order in which listeners are called. */
class ListenerOrderTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  private final List<String> told = new ArrayList<>();

  private AddressSpace.Registration listen(AddressSpace space, String name, int priority) {
    AddressSpace.Registration registration = space.addListener(new Diary(name, priority, told));
    told.clear();
    return registration;
  }

  private void assertTold(String... expected) {
    assertEquals(String.join("\n", expected), String.join("\n", told));
    told.clear();
  }

  @Test
  void allThatGoesIsDeletedBeforeAnythingIsAdded() {
    MemoryRegion a = mmio("a", 0x100);
    MemoryRegion b = mmio("b", 0x100);
    place(0x1000, a);
    place(0x3000, b);
    listen(space, "L", 0);
    memory.update(tx -> tx.setAddress(a, 0x2000).setAddress(b, 0x0));
    assertTold(
        "L plan", "L begin",
        "L del 1000-10ff a @0", "L del 3000-30ff b @0",
        "L add 0-ff b @0", "L add 2000-20ff a @0",
        "L commit");
  }

  @Test
  void bothPassesGoUpwardsInUnsignedAddresses() {
    MemoryRegion[] devices = {mmio("high", 1), mmio("middle", 1), mmio("low", 1)};
    memory.update(tx -> tx
        .addSubregion(system, 0xf000_0000_0000_0000L, devices[0])
        .addSubregion(system, 0x7000_0000_0000_0000L, devices[1])
        .addSubregion(system, 0, devices[2]));
    listen(space, "L", 0);
    memory.update(tx -> tx.delSubregion(devices[1]).delSubregion(devices[0]).delSubregion(devices[2]));
    assertTold(
        "L plan", "L begin", "L del 0-0 low @0", "L del 7000000000000000-7000000000000000 middle @0",
        "L del f000000000000000-f000000000000000 high @0", "L commit");
  }

  @Test
  void additionsGoUpInPriorityAndDeletionsGoDown() {
    MemoryRegion old = mmio("old", 0x100);
    MemoryRegion fresh = mmio("fresh", 0x100);
    place(0x1000, old);
    place(0x3000, mmio("stays", 0x100));
    listen(space, "p10", 10);
    listen(space, "p1", 1);
    memory.update(tx -> tx.delSubregion(old).addSubregion(system, 0x2000, fresh));
    assertTold(
        "p1 plan", "p10 plan", "p1 begin", "p10 begin",
        "p10 del 1000-10ff old @0", "p1 del 1000-10ff old @0",
        "p1 add 2000-20ff fresh @0", "p10 add 2000-20ff fresh @0",
        "p1 nop 3000-30ff stays @0", "p10 nop 3000-30ff stays @0",
        "p1 commit", "p10 commit");
  }

  @Test
  void ofEqualPriorityTheOrderOfRegistrationCountsAndItsReverseForDeletions() {
    MemoryRegion old = mmio("old", 0x100);
    MemoryRegion fresh = mmio("fresh", 0x100);
    place(0x1000, old);
    listen(space, "a", 0);
    listen(space, "b", 0);
    memory.update(tx -> tx.delSubregion(old).addSubregion(system, 0x2000, fresh));
    assertTold(
        "a plan", "b plan", "a begin", "b begin",
        "b del 1000-10ff old @0", "a del 1000-10ff old @0",
        "a add 2000-20ff fresh @0", "b add 2000-20ff fresh @0",
        "a commit", "b commit");
  }

  @Test
  void logStartGoesUpInPriorityAndLogStopGoesDown() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    memory.update(tx -> tx.addSubregion(system, 0, vram).setDirtyLogMask(vram, 1));
    listen(space, "p1", 1);
    listen(space, "p2", 2);
    memory.update(tx -> tx.setDirtyLogMask(vram, 2));
    assertTold(
        "p1 plan", "p2 plan", "p1 begin", "p2 begin",
        "p1 nop 0-fff vram @0 log=2", "p2 nop 0-fff vram @0 log=2",
        "p1 logStart 0-fff vram @0 log=2 1->2", "p2 logStart 0-fff vram @0 log=2 1->2",
        "p2 logStop 0-fff vram @0 log=2 1->2", "p1 logStop 0-fff vram @0 log=2 1->2",
        "p1 commit", "p2 commit");
  }

  @Test
  void aSectionThatAppearsWithADirtyMaskGetsNoLogStartInACommit() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    listen(space, "L", 0);
    memory.update(tx -> tx.addSubregion(system, 0, vram).setDirtyLogMask(vram, 1));
    assertTold("L plan", "L begin", "L add 0-fff vram @0 log=1", "L commit");
    remove(vram);
    assertTold("L plan", "L begin", "L del 0-fff vram @0 log=1", "L commit");
  }

  @Test
  void registrationReplaysTheViewWithLogStart() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    memory.update(tx -> tx
        .addSubregion(system, 0x1000, vram)
        .addSubregion(system, 0, mmio("uart", 0x100))
        .setDirtyLogMask(vram, 5));
    space.addListener(new Diary("L", 0, told));
    assertTold(
        "L begin", "L add 0-ff uart @0", "L add 1000-1fff vram @0 log=5", "L logStart 1000-1fff vram @0 log=5 0->5",
        "L commit");
  }

  @Test
  void deregistrationReplaysTheViewAwayWithLogStop() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    memory.update(tx -> tx
        .addSubregion(system, 0x1000, vram)
        .addSubregion(system, 0, mmio("uart", 0x100))
        .setDirtyLogMask(vram, 5));
    AddressSpace.Registration registration = listen(space, "L", 0);
    registration.close();
    assertTold(
        "L begin", "L del 0-ff uart @0", "L logStop 1000-1fff vram @0 log=5 5->0", "L del 1000-1fff vram @0 log=5",
        "L commit");
    registration.close();
    remove(vram);
    assertTold();
  }

  @Test
  void registrationConcernsNobodyElse() {
    place(0, mmio("uart", 0x100));
    listen(space, "old", 0);
    long before = memory.generation();
    AddressSpace.Registration registration = space.addListener(new Diary("new", -1, new ArrayList<>()));
    registration.close();
    assertTold();
    assertEquals(before, memory.generation());
  }

  @Test
  void beginAndCommitGoUpInPriorityAcrossAllChangedSpaces() {
    MemoryRegion uart = mmio("uart", 0x100);
    AddressSpace dma = memory.addressSpace("dma", memory.alias("whole", system, 0x0, system.size()));
    listen(space, "memory p3", 3);
    listen(dma, "dma p2", 2);
    listen(space, "memory p1", 1);
    place(0, uart);
    assertTold(
        "memory p1 plan", "dma p2 plan", "memory p3 plan",
        "memory p1 begin", "dma p2 begin", "memory p3 begin",
        "memory p1 add 0-ff uart @0", "memory p3 add 0-ff uart @0",
        "dma p2 add 0-ff uart @0",
        "memory p1 commit", "dma p2 commit", "memory p3 commit");
  }

  @Test
  void thePriorityIsReadOnceAtRegistration() {
    int[] asked = {0};
    space.addListener(new MemoryListener() {
      @Override
      public int priority() {
        return asked[0]++;
      }
    });
    place(0, mmio("uart", 0x100));
    place(0x100, mmio("uart", 0x100));
    assertEquals(1, asked[0]);
  }

  @Test
  void theViewInForceIsTheOldOneUntilCommit() {
    List<String> seen = new ArrayList<>();
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    Diary diary = new Diary("L", 0, told);
    space.addListener(diary);
    diary.before(entry -> seen.add(entry.split(" ")[1] + ": " + Picture.of(space.flatView())));
    memory.update(tx -> tx.setAddress(uart, 0x1000));
    diary.before(_ -> {});
    assertEquals(
        List.of(
            "plan: [0-ff uart @0]", "begin: [0-ff uart @0]", "del: [0-ff uart @0]", "add: [0-ff uart @0]",
            "commit: [1000-10ff uart @0]"),
        seen);
  }

  @Test
  void closingASpaceTellsItsListenersThatAllGoesAway() {
    place(0, mmio("uart", 0x100));
    listen(space, "p1", 1);
    listen(space, "p2", 2);
    space.close();
    assertTold(
        "p1 plan", "p2 plan", "p1 begin", "p2 begin", "p2 del 0-ff uart @0", "p1 del 0-ff uart @0", "p1 commit",
        "p2 commit");
    space.close();
    assertTold();
  }

  @Test
  void closingTheMemorySystemTellsTheListenersOfAllSpaces() {
    place(0, mmio("uart", 0x100));
    listen(space, "L", 0);
    memory.close();
    assertTold("L plan", "L begin", "L del 0-ff uart @0", "L commit");
  }

  @Test
  void aListenerOfASpaceThatIsNotYetPublishedHearsItAppear() {
    MemoryRegion uart = mmio("uart", 0x100);
    memory.update(_ -> {
      AddressSpace late = memory.addressSpace("late", uart);
      late.addListener(new Diary("L", 0, told));
      assertTold("L begin", "L commit");
    });
    assertTold("L plan", "L begin", "L add 0-ff uart @0", "L commit");
  }

  @Test
  void oneListenerMayHearTwoSpaces() {
    AddressSpace other = memory.addressSpace("other", mmio("device", 0x10));
    Diary both = new Diary("both", 0, told);
    space.addListener(both);
    other.addListener(both);
    told.clear();
    place(0, mmio("uart", 0x100));
    assertTold("both plan", "both begin", "both add 0-ff uart @0", "both commit");
  }

  @Test
  void aListenerThatKeepsUpByDeltasHasTheView() {
    List<String> map = new ArrayList<>();
    space.addListener(new MemoryListener() {
      @Override
      public void regionDel(MemoryRegionSection section) {
        map.remove(Picture.of(section));
      }

      @Override
      public void regionAdd(MemoryRegionSection section) {
        map.add(Picture.of(section));
      }
    });
    MemoryRegion overlay = mmio("overlay", 0x1000);
    MemoryRegion.Ram vram = ram("vram", 0x8000);
    place(0, vram);
    place(0x1000, overlay, 1);
    memory.update(tx -> tx.setAddress(overlay, 0x2800).setReadOnly(vram, true));
    FlatView view = space.flatView();
    assertEquals(Picture.of(view).stream().sorted().toList(), map.stream().sorted().toList());
  }
}
