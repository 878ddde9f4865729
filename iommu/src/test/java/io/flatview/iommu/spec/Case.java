package io.flatview.iommu.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Tables and requests.
 *
 * @param machine which of the machines, by its capabilities
 * @param ddtp the register
 * @param words what memory holds; the rest is 0
 * @param requests one after the other
 * @param mirrored whether a notifier is asked, too
 * @param selectors of the performance monitor's counters, or none if nothing is counted
 */
record Case(
    int machine, long ddtp, TreeMap<Long, Long> words, List<Request> requests, boolean mirrored, List<Long> selectors) {

  Case with(TreeMap<Long, Long> others) {
    return new Case(machine, ddtp, others, requests, mirrored, selectors);
  }

  Case with(List<Request> others) {
    return new Case(machine, ddtp, words, others, mirrored, selectors);
  }

  /** Whether a word is a leaf with N: events about its neighbours, whose entries may differ, are not compared. */
  boolean hasNapot() {
    return words.values().stream().anyMatch(word -> word < 0 && (word & 10) != 0);
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add("machine " + machine + ", ddtp " + Long.toHexString(ddtp) + (mirrored ? ", mirrored" : ""));
    words.forEach((address, value) -> lines.add(Long.toHexString(address) + ": " + Long.toHexString(value)));
    selectors.forEach(selector -> lines.add("counter " + Long.toHexString(selector)));
    requests.forEach(request -> lines.add(request.toString()));
    return String.join("\n", lines);
  }
}
