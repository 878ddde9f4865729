package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each flag of sections can be set, reaches views, listeners, texts and documents, and is taken back, wherever it is
 * set on the way from the root. Flags are found by reflection, so a new one needs no row here.
 */
class SectionFlagsTest extends OnAMachine {

  /** The one flag that is of its region alone. */
  private static final String OF_THE_REGION = "romdMode";

  /** A region without any other flag. */
  private final MemoryRegion.Ram ram = ram("ram", 0x1000);

  private final MemoryRegion.RomDevice rom = memory.romDevice("rom", Size.bytes(0x1000), new Registers());
  private final MemoryRegion.Container bus = container("bus", 0x4000);
  private final MemoryRegion.Alias window = alias("window", bus, 0, 0x4000);
  private final AddressSpace behindAnAlias = memory.addressSpace("behind an alias", window);
  private final List<MapChange> heard = new ArrayList<>();

  static Stream<RecordComponent> flags() {
    return Arrays.stream(SectionAttributes.class.getRecordComponents()).filter(flag -> flag.getType() == boolean.class);
  }

  private static Transaction set(Transaction tx, String flag, MemoryRegion region, boolean value) {
    String name = "set" + Character.toUpperCase(flag.charAt(0)) + flag.substring(1);
    Method setter = Arrays.stream(Transaction.class.getMethods())
        .filter(method -> method.getName().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in Transaction"));
    try {
      return (Transaction) setter.invoke(tx, region, value);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(name, e);
    }
  }

  private boolean isSet(RecordComponent flag) {
    SectionAttributes attributes = section().attributes();
    try {
      return (boolean) flag.getAccessor().invoke(attributes);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(flag.toString(), e);
    }
  }

  private MemoryRegionSection section() {
    return behindAnAlias.flatView().sections().getFirst();
  }

  @ParameterizedTest
  @MethodSource("flags")
  void aFlagShowsInViewsCallsTextsAndDocumentsWhereverItIsSet(RecordComponent flag) {
    boolean ofTheRegion = flag.getName().equals(OF_THE_REGION);
    place(bus, 0, ofTheRegion ? rom : ram);
    behindAnAlias.addListener(MemoryListener.batch(heard::add));
    for (MemoryRegion region : ofTheRegion ? List.of(rom) : List.of(ram, bus, window)) {
      MemoryRegionSection before = section();
      boolean value = !isSet(flag);
      assertSet(flag, region, value);
      assertSet(flag, region, !value);
      assertEquals(before, section());
    }
  }

  private void assertSet(RecordComponent flag, MemoryRegion region, boolean value) {
    heard.clear();
    memory.update(tx -> set(tx, flag.getName(), region, value));
    assertEquals(value, isSet(flag), () -> "the view, set on " + region);
    assertEquals(1, heard.size(), () -> "calls, set on " + region);
    FlatViewDiff diff = heard.getFirst().diff();
    assertEquals(List.of(FlatViewDiff.Kind.ALTERED), diff.changes().stream().map(FlatViewDiff.Change::kind).toList());
    String text = memory.inspect().text(diff);
    assertTrue(text.contains(value ? ", now " : ", no longer "), text);
    String document = memory.inspect().json(diff);
    assertTrue(document.contains("\"" + flag.getName() + "\": " + value), document);
    assertEquals(List.of(), memory.compareWithRebuild());
  }
}
