package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A property of regions that is new in the API is in the document, or is left out on purpose. */
class MapJsonTest {

  private static final Map<String, String> KEYS = Map.ofEntries(
      Map.entry("id", "id"), Map.entry("name", "name"), Map.entry("size", "size"), Map.entry("isEnabled", "enabled"),
      Map.entry("isReadOnly", "readOnly"), Map.entry("isNonVolatile", "nonVolatile"),
      Map.entry("isUnmergeable", "unmergeable"), Map.entry("isNoFetch", "noFetch"),
      Map.entry("dirtyLogMask", "dirtyLogMask"),
      Map.entry("parent", "parent"), Map.entry("address", "offset"), Map.entry("priority", "priority"),
      Map.entry("children", "children"), Map.entry("target", "target"), Map.entry("targetOffset", "targetOffset"),
      Map.entry("variants", "variants"), Map.entry("selected", "selected"),
      Map.entry("discardManager", "discardGranularity"));

  /** Objects of the program, what shows in the ranges, and what only a running machine has. */
  private static final Set<String> LEFT_OUT = Set.of(
      "handler", "translator", "released", "isRomdMode", "maximum", "doorbells", "coalesced",
      "attachment");

  @Test
  void everyPropertyOfARegionIsInTheDocumentOrLeftOutOnPurpose() {
    Set<String> properties = Stream.concat(Stream.of(MemoryRegion.class), kinds(MemoryRegion.class))
        .flatMap(kind -> Arrays.stream(kind.getDeclaredMethods()))
        .filter(method -> method.getParameterCount() == 0 && method.getReturnType() != void.class)
        .map(method -> method.getName()).collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(KEYS.keySet());
    known.addAll(LEFT_OUT);
    assertEquals(known, properties);
  }

  private static Stream<Class<?>> kinds(Class<?> sealed) {
    Class<?>[] permitted = sealed.getPermittedSubclasses();
    return permitted == null ? Stream.of()
        : Arrays.stream(permitted).flatMap(kind -> Stream.concat(Stream.of(kind), kinds(kind)));
  }

  @Test
  void everyKeyIsWritten() {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      MemoryRegion.Ram sparse = memory.ram("sparse", Size.kib(4));
      sparse.newDiscardManager(0x1000);
      memory.update(tx -> tx.addSubregion(system, 0x4000, sparse)
          .addSubregion(system, 0, memory.alias("low", system, 0x1000, Size.kib(4)))
          .addSubregion(system, 0x8000, memory.bank("bank", Size.kib(4), 1)));
      memory.addressSpace("memory", system);
      String document = memory.inspect().json();
      KEYS.values().forEach(key -> assertTrue(document.contains("\"" + key + "\""), key));
    }
  }
}
