package io.flatview.examples.races.debate;

import java.util.List;

/**
 * One proposal of the thread and what became of it.
 *
 * @param title the title of the chapter
 * @param story the arguments of the thread, and the results of the races
 * @param verdict in a word or two
 * @param races those that show it
 */
record Chapter(String title, String story, String verdict, List<Class<?>> races) {

  static final List<Chapter> ALL = List.of(
      new Chapter("1. Load, load, and check that the table has not moved",
          "The patch reads the table, then the root, and looks at the table again. The second look notices a table that"
              + " was stored between the two looks, and nothing else: the writer's other store falls before it or after"
              + " it, whichever comes first.",
          "broken", List.of(PostedIdioms.RecheckRootFirst.class, PostedIdioms.RecheckTableFirst.class)),
      new Chapter("2. Better: retry while the table is the next one",
          "The answer of 16 May: a reader that catches the table under construction tries again. It fails in two ways."
              + " A reader with the old table is not asked to retry, whatever root it has; and one with the new table"
              + " is let go as soon as the writer has cleared the mark, with the root that it loaded before.",
          "broken, two ways", List.of(PostedIdioms.NextPointer.class)),
      new Chapter("3. Cache the map in the dispatcher, copy when its address changes",
          "Saves the second pointer on most reads. But the copy outlives the section that validated it: between two"
              + " sections the map is freed, its address is given to another, and the comparison says that nothing has"
              + " happened. A copy that ends with its section is safe.",
          "broken (ABA)",
          List.of(PostedIdioms.CachedAcrossSections.class, SafeIdioms.CacheOfOneSection.class)),
      new Chapter("4. One pointer to an immutable pair",
          "What the thread calls expensive, \"pointers are quite expensive here\". It needs no retry and cannot fail;"
              + " with final fields not even a fence. What it costs is measured, not argued:"
              + " examples/flatview bench prints it.",
          "safe", List.of(SafeIdioms.OnePointer.class, SafeIdioms.OnePlainPointer.class)),
      new Chapter("5. A sequence lock", "Two words, and a number that is odd while they change. Readers retry.",
          "safe, retries", List.of(SafeIdioms.SequenceLock.class)),
      new Chapter("6. The mark of 2, with the checks in the right order",
          "Root before table; the reader asks first whether an update is under way, and then whether the table has"
              + " moved. That holds as long as a table's address means one table: with two tables that take turns, it"
              + " comes back with other content, and the check is ABA again. And a reader waits as long as the update"
              + " takes: one in the writer's own listeners waits for itself, and if a listener throws while the mark is"
              + " set, all wait for ever.",
          "safe with fresh tables, retries",
          List.of(SafeIdioms.MarkedUpdate.class, PostedIdioms.PingPongTables.class)),
      new Chapter("7. A table that only grows",
          "Commit appends the changed path and stores the root. There is no pair to tear. This is what Flatview does,"
              + " with one table per generation that shares what did not change.",
          "safe", List.of(SafeIdioms.AppendOnly.class)),
      new Chapter("A hop from one address space to another",
          "A translation through an IOMMU reads two dispatchers. With a pointer each it may see a commit by halves;"
              + " with one pointer to a generation of all address spaces it cannot.",
          "one pointer for all",
          List.of(PostedIdioms.PointerPerSpace.class, SafeIdioms.PointerForAllSpaces.class)),
      new Chapter("A reference to a view whose owner lets go",
          "A count of references to a shared view must not be raised from zero.",
          "only if not zero", List.of(SharedViews.TakenIfNotZero.class, SharedViews.TakenAnyway.class)));
}
