package io.flatview.examples.cli.mtree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineDescription.Placement;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.examples.cli.machine.RegionSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeResolverTest {

  private static final String ALL = "0000000000000000-ffffffffffffffff";

  private static MachineDescription resolve(String text) {
    return TreeResolver.resolve(MtreeParser.parse(DumpText.of("test", text.getBytes(StandardCharsets.UTF_8))));
  }

  private static List<RegionSpec> named(MachineDescription machine, String name) {
    return machine.regions().stream().filter(region -> region.name().equals(name)).toList();
  }

  private static RegionSpec only(MachineDescription machine, String name) {
    assertEquals(1, named(machine, name).size(), "regions named " + name);
    return named(machine, name).getFirst();
  }

  private static RegionSpec target(MachineDescription machine, String alias) {
    Alias kind = (Alias) only(machine, alias).kind();
    return machine.regions().get(kind.target());
  }

  private static List<String> placed(MachineDescription machine) {
    return machine.placements().stream().map(p -> machine.regions().get(p.child()).name()).toList();
  }

  @Test
  void aDumpThatLostAllItsEmptyLinesReadsAsBefore() {
    String dump = """
        address-space: dma
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff

        address-space: I/O
          0000000000000000-000000000000ffff (prio 0, i/o): io

        memory-region: ram
          0000000000000000-000000000000ffff (prio 0, ram): ram

        """.formatted(ALL);
    MachineDescription whole = resolve(dump);
    MachineDescription packed = resolve(dump.replace("\n\n", "\n").strip());
    assertEquals(whole.spaces(), packed.spaces());
    assertEquals(whole.placements(), packed.placements());
    assertEquals(target(whole, "low").name(), target(packed, "low").name());
  }

  @Test
  void aRegionOfTypeIoIsAContainerIfItContainsAnythingAndRegistersOtherwise() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, i/o): uart

        """.formatted(ALL));
    assertEquals(Plain.CONTAINER, only(machine, "system").kind());
    assertEquals(Plain.MMIO, only(machine, "uart").kind());
  }

  @Test
  void ofEqualPrioritiesTheHigherStartIsPlacedLaterAndOfEqualStartsTheOneListedFirst() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, i/o): listed first
            0000000000001000-0000000000001fff (prio 0, i/o): listed second
            0000000000001800-0000000000001fff (prio 0, i/o): starts higher

        """.formatted(ALL));
    assertEquals(List.of("listed second", "listed first", "starts higher"), placed(machine));
  }

  @Test
  void aSectionIsTheRegionInTheTreeOfWhichItIsACopy() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000000000-0000000000000fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff
            0000000080000000-0000000080000fff (prio 0, ram): ram

        memory-region: ram
          0000000080000000-0000000080000fff (prio 0, ram): ram

        """.formatted(ALL));
    assertEquals(only(machine, "ram"), target(machine, "low"));
    assertEquals(List.of(), machine.starts());
  }

  @Test
  void aRootThatIsNowhereElseKeepsItsOwnStart() {
    MachineDescription machine = resolve("""
        address-space: pci
          0000000080000000-00000000800fffff (prio 0, i/o): pci io

        """);
    assertEquals(List.of(new MachineDescription.Start(0, 0x80000000L)), machine.starts());
  }

  @Test
  void theRootOfASpaceMayStandInTheTreeOfAnother() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000080000000-00000000800fffff (prio 0, i/o): pci io

        address-space: pci
          0000000080000000-00000000800fffff (prio 0, i/o): pci io

        """.formatted(ALL));
    assertEquals(2, machine.regions().size());
    assertEquals(List.of(new Placement(0, 1, 0x80000000L, 0)), machine.placements());
  }

  @Test
  void equalGroupsAreDifferentRegions() {
    MachineDescription machine = resolve("""
        address-space: a
          %1$s (prio 0, i/o): bus master container

        address-space: b
          %1$s (prio 0, i/o): bus master container

        """.formatted(ALL));
    assertEquals(2, machine.regions().size());
  }

  @Test
  void ofSectionsWithOneNameTheOrderTellsWhichAliasShowsWhich() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, i/o): alias one @timer 0000000000000000-0000000000000fff
            0000000000002000-0000000000002fff (prio 0, i/o): alias two @other 0000000000000000-0000000000000fff
            0000000000003000-0000000000003fff (prio 0, i/o): alias three @timer 0000000000000000-0000000000000fff

        memory-region: timer
          0000000000000000-0000000000000fff (prio 0, i/o): timer

        memory-region: other
          0000000000000000-0000000000000fff (prio 0, i/o): other

        memory-region: timer
          0000000000000000-0000000000000fff (prio 0, i/o): timer

        """.formatted(ALL));
    List<RegionSpec> timers = named(machine, "timer");
    assertEquals(timers.getFirst(), target(machine, "one"));
    assertEquals(timers.getLast(), target(machine, "three"));
    assertFalse(timers.getFirst().line() == timers.getLast().line());
  }

  @Test
  void ofSectionsWithOneNameTheOwnerTellsWhichAliasShowsWhich() {
    MachineDescription machine = resolve("""
        address-space: memory
          %1$s (prio 0, i/o): system owner:{obj path=/m}
            0000000000001000-00000000000010ff (prio 0, i/o): alias a1 @bridge %2$s-%3$s owner:{dev id=a}
            0000000000002000-00000000000020ff (prio 0, i/o): alias b1 @bridge %2$s-%3$s owner:{dev id=b}
            0000000000003000-00000000000030ff (prio 0, i/o): alias b2 @bridge %2$s-%3$s owner:{dev id=b}
            0000000000004000-00000000000040ff (prio 0, i/o): alias a2 @bridge %2$s-%3$s owner:{dev id=a}

        memory-region: bridge
          0000000000000000-0000000000000fff (prio 0, i/o): bridge owner:{dev id=a}

        memory-region: bridge
          0000000000000000-0000000000000fff (prio 0, i/o): bridge owner:{dev id=b}

        """.formatted(ALL, "0000000000000000", "00000000000000ff"));
    assertEquals(" owner:{dev id=a}", target(machine, "a1").note().owner());
    assertEquals(" owner:{dev id=a}", target(machine, "a2").note().owner());
    assertEquals(" owner:{dev id=b}", target(machine, "b1").note().owner());
    assertEquals(" owner:{dev id=b}", target(machine, "b2").note().owner());
  }

  @Test
  void namesMayHoldBlanksAndAtSigns() {
    MachineDescription machine = resolve("""
        address-space: my space @7
          %s (prio 0, i/o): the system @0x0
            0000000000001000-0000000000001fff (prio -5, nv-ram): alias low @1 @ram @2 0000000000000000-0000000000000fff

        memory-region: ram @2
          0000000000000000-0000000000000fff (prio 0, ram): ram @2

        """.formatted(ALL));
    assertEquals("my space @7", machine.spaces().getFirst().name());
    assertEquals("ram @2", target(machine, "low @1").name());
    assertTrue(only(machine, "low @1").flags().nonVolatile());
    assertEquals(-5, machine.placements().getFirst().priority());
  }

  @Test
  void whatADisabledRegionContainsIsDisabledAlthoughItsLineIsMissing() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, ram): ram
                0000000000001800-0000000000001fff (prio 0, i/o): hidden

        """.formatted(ALL));
    int parent = machine.placements().stream()
        .filter(p -> machine.regions().get(p.child()).name().equals("hidden"))
        .mapToInt(Placement::parent)
        .findFirst()
        .orElseThrow();
    assertFalse(machine.regions().get(parent).flags().enabled());
    assertTrue(machine.regions().get(parent).note().unseen());
  }

  @Test
  void whatStandsBelowAnAliasIsInADisabledRegionWhoseLineIsMissing() {
    MachineDescription machine = resolve("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff
              0000000000001800-0000000000001fff (prio 0, i/o): hidden

        memory-region: ram
          0000000000000000-0000000000000fff (prio 0, ram): ram

        """.formatted(ALL));
    assertEquals(1, IntStream.range(0, machine.regions().size())
        .filter(index -> machine.regions().get(index).note().unseen())
        .count());
  }
}
