package io.flatview.examples.races.careless;

import java.lang.reflect.Executable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls, sequences and exceptions. Thread-safe. */
final class Tally {

  private final Map<Executable, LongAdder> calls = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> exceptions = new ConcurrentHashMap<>();
  private final Set<String> faults = ConcurrentHashMap.newKeySet();
  private final LongAdder sequences = new LongAdder();
  private final LongAdder worlds = new LongAdder();

  void called(Executable member) {
    calls.computeIfAbsent(member, _ -> new LongAdder()).increment();
  }

  void threw(String kind) {
    exceptions.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  void sequence() {
    sequences.increment();
  }

  void world() {
    worlds.increment();
  }

  /** Something happened that must not. */
  void fault(String what) {
    if (faults.size() < 20) {
      faults.add(what);
    }
  }

  Set<String> faults() {
    return faults;
  }

  /** Members that were not called yet. */
  List<Executable> missed(List<Executable> members) {
    return members.stream().filter(member -> !calls.containsKey(member)).toList();
  }

  @Override
  public String toString() {
    Map<String, Long> kinds = new TreeMap<>();
    exceptions.forEach((kind, count) -> kinds.put(kind, count.sum()));
    return "%,d calls of %,d methods in %,d sequences in %,d machines; exceptions %s".formatted(
        calls.values().stream().mapToLong(LongAdder::sum).sum(), calls.size(), sequences.sum(), worlds.sum(), kinds);
  }
}
