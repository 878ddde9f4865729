package io.flatview.examples.bench.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All ways of switching read the same, so that only their cost differs. */
class BusTest {

  private static final List<Function<Layout, Bus>> WAYS =
      List.of(BankBus::new, CachedBankBus::new, SpaceBus::new, CommitBus::new);

  @ParameterizedTest
  @EnumSource
  void everyBusReadsWhatTheArraysRead(Layout layout) {
    WAYS.stream().filter(way -> layout != Layout.SIX_WINDOWS || way != WAYS.get(2))
        .forEach(way -> compare(layout, way.apply(layout)));
  }

  private static void compare(Layout layout, Bus bus) {
    Bus arrays = new ArrayBus(layout);
    SplittableRandom random = new SplittableRandom(1);
    bus.run(() -> {
      for (int choice = 0; choice < 6; choice++) {
        arrays.select(choice);
        bus.select(choice);
      }
      return 0;
    });
    for (int run = 0; run < 20; run++) {
      bus.run(() -> compareSome(layout, arrays, bus, random));
    }
    bus.close();
  }

  private static long compareSome(Layout layout, Bus arrays, Bus bus, SplittableRandom random) {
    for (int i = 0; i < 50; i++) {
      int choice = random.nextInt(layout.choices);
      arrays.select(choice);
      bus.select(choice);
      for (int load = 0; load < 20; load++) {
        int address = layout.first + random.nextInt(layout.length);
        assertEquals(arrays.load(address), bus.load(address), () -> bus.getClass() + " at " + address);
      }
    }
    return 0;
  }
}
