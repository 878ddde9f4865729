package io.flatview.examples.cli.demo.place;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressRange;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreeRangesTest {

  private static final long PAGE = 4096;

  private static AddressRange range(long first, long last) {
    return new AddressRange(first, last);
  }

  private static FlatView view(AddressRange... taken) {
    List<MemoryRegionSection> sections =
        Arrays.stream(taken).map(r -> new MemoryRegionSection(r, null, 0, SectionAttributes.NONE)).toList();
    return new Taken(sections);
  }

  private static List<AddressRange> holes(AddressRange... taken) {
    return FreeRanges.holes(view(taken), AddressRange.ALL);
  }

  @Test
  void anEmptyViewIsOneHole() {
    assertEquals(List.of(AddressRange.ALL), holes());
  }

  @Test
  void aFullViewHasNoHole() {
    assertEquals(List.of(), holes(AddressRange.ALL));
    assertEquals(List.of(), holes(range(0, 9), range(10, -1)));
  }

  @Test
  void holesLieBeforeBetweenAndBehindSections() {
    assertEquals(List.of(range(0, 9), range(20, 29), range(40, -1)), holes(range(10, 19), range(30, 39)));
  }

  @Test
  void holesEndWhereTheRootEnds() {
    assertEquals(List.of(range(20, 99)), FreeRanges.holes(view(range(0, 19)), range(0, 99)));
    assertEquals(List.of(range(20, 99)), FreeRanges.holes(view(range(0, 19), range(100, 199)), range(0, 199 - 100)));
  }

  @Test
  void everyHoleGetsAPlaceBeforeAnyGetsASecond() {
    List<AddressRange> holes = List.of(range(0x100, 0xF_FFFF), range(0x20_0000, 0x2F_FFFF));
    assertEquals(List.of(PAGE, 0x20_0000L), FreeRanges.places(holes, 2, PAGE));
    assertEquals(4, FreeRanges.places(holes, 4, PAGE).size());
  }

  @Test
  void aPlaceMustFitWhole() {
    assertEquals(List.of(PAGE), FreeRanges.places(List.of(range(PAGE, 2 * PAGE - 1)), 1, PAGE));
    assertEquals(List.of(), FreeRanges.places(List.of(range(PAGE, 2 * PAGE - 2)), 1, PAGE));
    assertEquals(List.of(), FreeRanges.places(List.of(range(-PAGE + 1, -1)), 1, PAGE));
  }

  @Test
  void placesAreSpreadOverManyHoles() {
    List<AddressRange> holes =
        List.of(range(0, PAGE - 1), range(0x10_0000, 0x10_0FFF), range(0x20_0000, 0x20_0FFF), range(0x30_0000, -1));
    assertEquals(List.of(0L, 0x20_0000L), FreeRanges.places(holes, 2, PAGE));
  }

  private record Taken(List<MemoryRegionSection> sections) implements FlatView {
    @Override
    public Optional<MemoryRegion> root() {
      return Optional.empty();
    }

    @Override
    public Optional<MemoryRegionSection> find(long address) {
      return sections.stream().filter(section -> section.range().contains(address)).findFirst();
    }
  }
}
