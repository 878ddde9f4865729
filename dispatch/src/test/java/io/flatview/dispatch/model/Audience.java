package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.model.Timeline.Difference;
import io.flatview.memory.AddressSpace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two listeners for each address space, and what they must hear. */
final class Audience {

  private final RealMap real;
  private final Trap trap;
  private final Timeline timeline = new Timeline();
  private final List<Recorder> recorders = new ArrayList<>();
  private final List<AddressSpace.Registration> registrations = new ArrayList<>();

  /** Its members fail as the trap says. */
  Audience(RealMap real, Trap trap) {
    this.real = real;
    this.trap = trap;
  }

  /** The spaces that are listened to, also those that a transaction opened and has not committed. */
  Set<Integer> spaces() {
    Set<Integer> spaces = new TreeSet<>();
    recorders.forEach(recorder -> spaces.add(recorder.who.space()));
    return spaces;
  }

  void join(int space, Shown shown) {
    join(space, space % 3 == 0 ? 5 : 0, shown);
    join(space, space % 3 == 1 ? 5 : 0, shown);
  }

  private void join(int space, int priority, Shown shown) {
    Call.Listener who = new Call.Listener(space, priority, registrations.size());
    Recorder recorder = new Recorder(who, real, trap, timeline.heard());
    registrations.add(real.space(space).addListener(recorder));
    recorders.add(recorder);
    timeline.add(who);
    timeline.verifyReplay(who, shown.view(space));
  }

  void leave(Shown shown) {
    for (Recorder recorder : recorders) {
      registrations.get(recorder.who.number()).close();
      timeline.verifyFarewell(recorder.who, shown.view(recorder.who.space()));
      assertEquals(List.of(), recorder.mirror(), "nothing is left to a listener that leaves");
    }
    recorders.clear();
  }

  /** Spaces that are no more have no listeners. */
  void forgetAllBut(Collection<Integer> spaces) {
    recorders.stream().map(recorder -> recorder.who.space()).filter(space -> !spaces.contains(space))
        .forEach(timeline::remove);
    recorders.removeIf(recorder -> !spaces.contains(recorder.who.space()));
  }

  void verifyTold(NavigableMap<Integer, Difference> differences) {
    timeline.verify(differences);
  }

  void verifyNothingTold() {
    timeline.verify(new TreeMap<>());
  }

  /** A commit failed on the way; every call about it must have been taken back. */
  void verifyTakenBack(Shown shown) {
    timeline.heard().clear();
    verifyMirrors(shown);
  }

  void verifyMirrors(Shown shown) {
    for (Recorder recorder : recorders) {
      List<ModelSection> view = shown.view(recorder.who.space());
      if (!view.equals(recorder.mirror())) {
        assertEquals(view, recorder.mirror(), "the mirror kept by " + recorder.who);
      }
    }
  }
}
