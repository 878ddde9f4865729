package io.flatview.dispatch.model;

import org.junit.jupiter.api.Test;

/** What holds for every history of a memory map; {@link World} says what is compared, and when. */
class HistoryPropertyTest {

  @Test
  void viewsTablesListenersAndTreeAgreeWithTheModelAnywhereIn2To64() {
    Seeds.check(Seeds.usually(1_000), Histories::anywhere, Replay::byTheBook);
  }

  @Test
  void loadsStoresAndTheLifeOfMemoryAgreeWithTheModel() {
    Seeds.check(Seeds.usually(1_000), Histories::small, Replay::byTheBook);
  }

  @Test
  void sectionsJoinAndViewRootsPassThroughAsInTheModel() {
    Seeds.check(Seeds.usually(600), Neighbours::history, Replay::byTheBook);
  }
}
