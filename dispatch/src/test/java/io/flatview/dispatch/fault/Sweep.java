package io.flatview.dispatch.fault;

import io.flatview.memory.ListenerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Makes one operation fail at one step after the other, and compares what is left with what may be. */
final class Sweep {

  /** How a map is: before an operation, or after a part of it. */
  private record State(List<String> picture, String attached, long generations) {}

  private final World world;
  private final Operation operation;
  private final Random random;
  private final List<Saved> saved = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> outcomes;
  private long generation;
  private int trials;

  Sweep(World world, Operation operation, Map<String, Integer> outcomes) {
    this.world = world;
    this.operation = operation;
    this.random = new Random(world.random.nextLong());
    this.outcomes = outcomes;
  }

  /** Learns what the operation does if nothing fails; false if it fails by itself. */
  boolean learn() {
    operation.prepare();
    world.regions.stream().filter(region -> !Machine.isClosed(region)).map(Saved::of).forEach(saved::add);
    states.add(state());
    for (int rounds = 0; rounds <= operation.rounds(); rounds++) {
      generation = world.machine.memory.generation();
      try {
        operation.run(rounds);
      } catch (RuntimeException e) {
        restore();
        return false;
      }
      State after = state();
      states.add(new State(after.picture, after.attached, after.generations - generation));
      restore();
    }
    return true;
  }

  private State state() {
    List<String> picture = world.picture();
    return new State(picture, world.attached(), world.machine.memory.generation());
  }

  /** Has the world as it was before. */
  private void restore() {
    operation.takeBack();
    operation.prepare();
    if (world.picture().equals(states.getFirst().picture)) {
      return;
    }
    List<Saved> open = saved.stream().filter(region -> !Machine.isClosed(region.region())).toList();
    world.machine.memory.update(tx -> {
      open.forEach(region -> region.takeOut(tx));
      open.forEach(region -> region.rememberPlace(tx, world.parents.getFirst()));
      open.forEach(region -> region.restore(tx));
    });
    if (!world.picture().equals(states.getFirst().picture)) {
      throw new AssertionError("the test cannot restore the map after " + operation + ":\n"
          + difference(world.picture(), states.getFirst().picture));
    }
  }

  /** Fails at the first step, and so on, until the operation passes; with a stride, steps between are passed over. */
  List<String> run(int stride, int most) {
    boolean more = true;
    for (long at = 1 + random.nextInt(stride); more && failures.size() < most; at += 1 + random.nextInt(stride)) {
      more = trial(at);
    }
    return failures;
  }

  /** Makes the operation once, in whatever way has it fail. */
  List<String> once(Function<Runnable, Throwable> way) {
    generation = world.machine.memory.generation();
    Throwable thrown = way.apply(() -> operation.run(operation.rounds()));
    String when = operation + "\n  threw " + thrown;
    verify(when, thrown, world.machine.memory.generation() - generation);
    if (failures.isEmpty()) {
      restore(when);
    }
    return failures;
  }

  int trials() {
    return trials;
  }

  private boolean trial(long at) {
    trials++;
    Faults.sites();
    int mode = trials % 8;
    Faults.Kind kind = mode < 4 ? Faults.Kind.values()[mode] : mode < 6 ? Faults.Kind.HEAP : Faults.Kind.RUNTIME;
    generation = world.machine.memory.generation();
    world.meddler.beStubborn(mode == 7);
    if (mode == 4) {
      Faults.exhaust(at);
    } else {
      Faults.arm(kind, at, mode == 6 ? 1 + random.nextInt(200) : 0);
    }
    Throwable thrown = attempt();
    boolean fired = Faults.fired();
    Faults.disarm();
    long published = world.machine.memory.generation() - generation;
    if (mode == 5) {
      touch();
    }
    world.meddler.beStubborn(false);
    String when = "mode " + mode + " step " + at + " of " + operation + ", " + Faults.sites() + "\n  threw " + thrown;
    verify(when, thrown, published);
    if (failures.isEmpty()) {
      restore(when);
    }
    return fired;
  }

  private void restore(String when) {
    try {
      restore();
    } catch (RuntimeException | AssertionError e) {
      failures.add(when + "\n  and then " + e);
    }
  }

  private Throwable attempt() {
    try {
      operation.run(operation.rounds());
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /** The next holder of the lock may fail, too. */
  private void touch() {
    Faults.arm(Faults.Kind.HEAP, 1 + random.nextInt(150), 0);
    try {
      world.touch();
    } catch (Throwable thrown) {
      // Another commit tries again.
    } finally {
      Faults.disarm();
    }
  }

  private void verify(String when, Throwable thrown, long published) {
    List<String> picture = world.picture();
    List<String> complaints = new ArrayList<>(world.complaints());
    String attached = world.attached();
    int found = -1;
    for (int i = 0; i < states.size(); i++) {
      State state = states.get(i);
      if (state.picture.equals(picture) && (operation.isLoose() || (i == 0 ? 0 : state.generations) == published)
          && state.attached.equals(attached)) {
        found = i;
      }
    }
    if (found < 0) {
      complaints.add("the map is in none of the states that are allowed; " + published + " generations, " + attached);
      states.forEach(state -> complaints.add("against one of " + state.generations + " generations, " + state.attached
          + ": " + difference(picture, state.picture)));
    }
    boolean changes = !states.getFirst().picture.equals(states.get(1).picture);
    if (found == 0 && changes && (thrown == null && !operation.isLate() || thrown instanceof ListenerException)) {
      complaints.add("nothing has changed, and yet " + (thrown == null ? "nothing is thrown" : thrown));
    }
    outcomes.merge((found > 0 ? "published" : "taken back") + ", "
        + (thrown == null ? "nothing" : thrown.getClass().getSimpleName()) + " thrown", 1, Integer::sum);
    if (!complaints.isEmpty()) {
      failures.add(when + "\n  - " + String.join("\n  - ", complaints));
    }
  }

  static String difference(List<String> found, List<String> expected) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
      String one = i < found.size() ? found.get(i) : "nothing";
      String other = i < expected.size() ? expected.get(i) : "nothing";
      if (!one.equals(other)) {
        lines.add("found " + one + "\n    expected " + other);
      }
    }
    return lines.isEmpty() ? "none" : String.join("\n    ", lines);
  }
}
