package io.flatview.dispatch.commit;

import io.flatview.dispatch.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects exceptions, and never throws itself: if the heap is exhausted, it keeps only the first. */
final class Failures implements Consumer<Throwable> {

  private List<Throwable> thrown = List.of();
  private Throwable first;

  @Override
  public void accept(Throwable failure) {
    if (first == null) {
      first = failure;
      return;
    }
    try {
      if (thrown.isEmpty()) {
        thrown = new ArrayList<>(4);
      }
      thrown.add(failure);
    } catch (OutOfMemoryError | StackOverflowError _) {
      // The heap is exhausted: only the first failure is reported.
    }
  }

  boolean isEmpty() {
    return first == null;
  }

  /** The first exception; null if there is none. */
  Throwable first() {
    return first;
  }

  /** Adds the collected exceptions to a report. */
  void addTo(Throwable report) {
    if (first != null && first != report) {
      suppress(report, first);
    }
    for (int i = 0; i < thrown.size(); i++) {
      suppress(report, thrown.get(i));
    }
  }

  /** Throws the first, with the others suppressed; does nothing if there is none. */
  void throwFirst() {
    if (first != null) {
      addTo(first);
      throw Failure.rethrow(first);
    }
  }

  private static void suppress(Throwable report, Throwable failure) {
    if (failure != report) {
      report.addSuppressed(failure);
    }
  }
}
