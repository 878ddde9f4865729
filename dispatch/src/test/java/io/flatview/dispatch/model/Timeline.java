package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.model.Call.Heard;
import io.flatview.dispatch.model.Call.Listener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What the listeners must hear of a commit, derived from the views alone, and compared with what they heard. */
final class Timeline {

  /** How one address space changes; {@code mustTell} unless only the way to the same sections changed. */
  record Difference(List<ModelSection> before, List<ModelSection> after, boolean mustTell) {}

  private final List<Heard> heard = new ArrayList<>();
  private final NavigableMap<Integer, List<Listener>> listeners = new TreeMap<>();

  List<Heard> heard() {
    return heard;
  }

  void add(Listener listener) {
    List<Listener> ofSpace = listeners.computeIfAbsent(listener.space(), _ -> new ArrayList<>());
    ofSpace.add(listener);
    ofSpace.sort(null);
  }

  void remove(int space) {
    listeners.remove(space);
  }

  /** Compares and forgets what was heard of a commit. */
  void verify(NavigableMap<Integer, Difference> differences) {
    Set<Integer> told = new HashSet<>();
    heard.forEach(call -> told.add(call.listener().space()));
    differences.forEach((space, difference) -> {
      if (difference.mustTell() && listeners.containsKey(space)) {
        told.add(space);
      }
    });
    told.forEach(space -> assertEquals(true, differences.containsKey(space), "s" + space + " does not change"));
    List<Listener> everyone = listeners.values().stream().flatMap(List::stream)
        .filter(listener -> told.contains(listener.space())).sorted().toList();
    verifyBracket(everyone);
    told.forEach(space -> verifyPasses(space, differences.get(space)));
    heard.clear();
  }

  private void verifyBracket(List<Listener> everyone) {
    int size = everyone.size();
    List<Heard> opening = new ArrayList<>(toAll(Call.PLAN, everyone));
    opening.addAll(toAll(Call.BEGIN, everyone));
    assertEquals(opening, heard.subList(0, Math.min(2 * size, heard.size())), "everyone is asked, then told to begin");
    assertEquals(toAll(Call.COMMIT, everyone), heard.subList(Math.max(heard.size() - size, 0), heard.size()),
        "everyone is told of the commit at last");
    List<Call> between = heard.subList(2 * size, heard.size() - size).stream().map(Heard::call).distinct().toList();
    assertEquals(List.of(), between.stream().filter(call -> call.compareTo(Call.DEL) < 0
        || call.compareTo(Call.LOG_STOP) > 0).toList(), "between begin and commit");
  }

  private static List<Heard> toAll(Call call, List<Listener> who) {
    return who.stream().map(listener -> new Heard(call, listener, null, 0, 0)).toList();
  }

  private void verifyPasses(int space, Difference difference) {
    List<Heard> expected = new Passes(listeners.get(space)).between(difference.before(), difference.after());
    List<Heard> actual = heard.stream()
        .filter(call -> call.listener().space() == space && call.section() != null).toList();
    assertEquals(lines(expected), lines(actual), "the passes over s" + space);
  }

  /** Compares and forgets what a listener heard when it came. */
  void verifyReplay(Listener listener, List<ModelSection> view) {
    List<Heard> expected = new ArrayList<>(toAll(Call.BEGIN, List.of(listener)));
    for (ModelSection section : view) {
      expected.add(new Heard(Call.ADD, listener, section, 0, 0));
      if (section.attributes().dirtyLogMask() != 0) {
        expected.add(new Heard(Call.LOG_START, listener, section, 0, section.attributes().dirtyLogMask()));
      }
    }
    expected.addAll(toAll(Call.COMMIT, List.of(listener)));
    assertEquals(lines(expected), lines(heard), "replayed to a listener that comes");
    heard.clear();
  }

  /** Compares and forgets what a listener heard when it left. */
  void verifyFarewell(Listener listener, List<ModelSection> view) {
    List<Heard> expected = new ArrayList<>(toAll(Call.BEGIN, List.of(listener)));
    for (ModelSection section : view) {
      if (section.attributes().dirtyLogMask() != 0) {
        expected.add(new Heard(Call.LOG_STOP, listener, section, section.attributes().dirtyLogMask(), 0));
      }
      expected.add(new Heard(Call.DEL, listener, section, 0, 0));
    }
    expected.addAll(toAll(Call.COMMIT, List.of(listener)));
    assertEquals(lines(expected), lines(heard), "replayed to a listener that leaves");
    heard.clear();
    listeners.get(listener.space()).remove(listener);
  }

  private static String lines(List<Heard> calls) {
    StringBuilder lines = new StringBuilder();
    calls.forEach(call -> lines.append('\n').append(call));
    return lines.append('\n').toString();
  }

  /** The two passes over an old and a new view. */
  private record Passes(List<Listener> ascending) {

    List<Heard> between(List<ModelSection> before, List<ModelSection> after) {
      List<Heard> calls = new ArrayList<>();
      for (ModelSection old : before) {
        if (after.stream().noneMatch(old::isSameMapping)) {
          tell(calls, Call.DEL, old, 0, 0);
        }
      }
      for (ModelSection now : after) {
        before.stream().filter(now::isSameMapping).findAny()
            .ifPresentOrElse(old -> tellKept(calls, old, now), () -> tell(calls, Call.ADD, now, 0, 0));
      }
      return calls;
    }

    private void tellKept(List<Heard> calls, ModelSection old, ModelSection now) {
      int before = old.attributes().dirtyLogMask();
      int after = now.attributes().dirtyLogMask();
      tell(calls, Call.NOP, now, 0, 0);
      if ((after | before) != before) {
        tell(calls, Call.LOG_START, now, before, after);
      }
      if ((after | before) != after) {
        tell(calls, Call.LOG_STOP, now, before, after);
      }
    }

    private void tell(List<Heard> calls, Call call, ModelSection section, int before, int after) {
      Comparator<Listener> order = call.descends() ? Comparator.reverseOrder() : Comparator.naturalOrder();
      ascending.stream().sorted(order).forEach(to -> calls.add(new Heard(call, to, section, before, after)));
    }
  }
}
