package io.flatview.iommu.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Makes a failing case smaller: fewer requests, fewer words, fewer bits, for as long as it fails. */
final class Shrinker {

  private final Predicate<Case> fails;

  Shrinker(Predicate<Case> fails) {
    this.fails = fails;
  }

  Case shrink(Case failing) {
    Case before;
    Case smaller = failing;
    do {
      before = smaller;
      smaller = fewerBits(fewerWords(fewerRequests(smaller)));
    } while (!smaller.equals(before));
    return smaller;
  }

  private Case fewerRequests(Case failing) {
    Case smallest = failing;
    for (Request request : failing.requests()) {
      List<Request> fewer = new ArrayList<>(smallest.requests());
      fewer.remove(request);
      smallest = fails.test(smallest.with(fewer)) ? smallest.with(fewer) : smallest;
    }
    return smallest;
  }

  private Case fewerWords(Case failing) {
    Case smallest = failing;
    for (long address : failing.words().keySet()) {
      TreeMap<Long, Long> fewer = new TreeMap<>(smallest.words());
      fewer.remove(address);
      smallest = fails.test(smallest.with(fewer)) ? smallest.with(fewer) : smallest;
    }
    return smallest;
  }

  private Case fewerBits(Case failing) {
    Case smallest = failing;
    for (long address : failing.words().keySet()) {
      for (int bit = 63; bit >= 0; bit--) {
        TreeMap<Long, Long> fewer = new TreeMap<>(smallest.words());
        long cleared = fewer.get(address) & ~(1L << bit);
        if (cleared != fewer.put(address, cleared) && fails.test(smallest.with(fewer))) {
          smallest = smallest.with(fewer);
        }
      }
    }
    return smallest;
  }
}
