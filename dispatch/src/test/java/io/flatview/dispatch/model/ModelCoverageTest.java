package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A kind of region or a flag that is new in the API is one of the model, too, so that random histories try it. */
class ModelCoverageTest {

  /** With oracles of their own: {@code BankPropertyTest}, {@code AccessFuzzTest}. */
  private static final Set<String> PAINTED_ELSEWHERE = Set.of("BANK", "IOMMU");

  private static String constant(String camel) {
    return camel.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  private static Stream<Class<?>> kinds(Class<?> sealed) {
    return sealed.isSealed() ? Arrays.stream(sealed.getPermittedSubclasses()).flatMap(ModelCoverageTest::kinds)
        : Stream.of(sealed);
  }

  private static Set<String> names(Set<? extends Enum<?>> constants) {
    return constants.stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyKindOfRegionIsPainted() {
    Set<String> painted = names(EnumSet.allOf(Kind.class));
    painted.addAll(PAINTED_ELSEWHERE);
    assertEquals(kinds(MemoryRegion.class).map(kind -> constant(kind.getSimpleName()))
        .collect(Collectors.toCollection(TreeSet::new)), painted);
  }

  @Test
  void everyFlagOfARegionIsSet() {
    Set<String> setters = Arrays.stream(Transaction.class.getMethods())
        .filter(method -> method.getName().startsWith("set") && method.getParameterCount() == 2)
        .filter(method -> method.getParameterTypes()[1] == boolean.class)
        .map(method -> constant(method.getName().substring("set".length())))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(setters, names(EnumSet.complementOf(EnumSet.of(Op.Flag.DIRTY_LOG_MASK))));
  }
}
