package io.flatview.dispatch.sparse;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of one change to listeners, laid out before the first is made, so that taking them back allocates nothing.
 * A listener may close registrations in a call; the calls that a registration was promised by then, or is still owed,
 * are {@linkplain #owed found} here and made at once.
 *
 * <p>Used in a turn only. {@code made} is the number of calls that were made and, for a part to populate, not taken
 * back. It grows before a listener is called to discard, and after one has accepted; it shrinks before a call is taken
 * back: so whatever a callback does, what it finds here is what its listener has.
 */
final class Calls {

  private final boolean populates;
  private final List<Listening> listeners = new ArrayList<>();
  private final List<MemoryRegionSection> parts = new ArrayList<>();
  private int made;

  /** The call that was begun last; if that fails, its listener has refused. */
  private int begun = -1;

  private Calls(boolean populates) {
    this.populates = populates;
  }

  static Calls toPopulate() {
    return new Calls(true);
  }

  static Calls toDiscard() {
    return new Calls(false);
  }

  void add(Listening listener, List<MemoryRegionSection> each) {
    for (MemoryRegionSection part : each) {
      listeners.add(listener);
      parts.add(part);
    }
  }

  /** Calls every listener to populate; throws what the first that refuses throws. */
  void populate() {
    for (int i = 0; i < listeners.size(); i++) {
      Listening each = listeners.get(i);
      if (each.open) {
        begun = i;
        each.listener.populate(parts.get(i));
        if (!each.open) {
          each.listener.discard(parts.get(i));
        }
      }
      made = i + 1;
    }
  }

  /** Names the listener that has refused, and the part. */
  String refusal() {
    return begun < 0 ? "" : "discard listener " + listeners.get(begun) + " refused to populate offsets "
        + Listening.offsets(parts.get(begun));
  }

  /** Calls listeners to discard what they have accepted, the last first; suppresses what they throw. */
  void takeBack(Throwable cause) {
    while (made > 0) {
      made--;
      Failure.join(cause, discard(made));
    }
  }

  /** Calls every listener to discard, even if some throw; returns the first failure, or null. */
  Throwable discard(Throwable earlier) {
    Throwable failure = earlier;
    while (made < listeners.size()) {
      made++;
      failure = Failure.join(failure, discard(made - 1));
    }
    return failure;
  }

  private Throwable discard(int call) {
    Listening each = listeners.get(call);
    return each.open ? each.discard(parts.get(call)) : null;
  }

  /** The parts that a listener has accepted of this change, or of which it was not called yet to discard. */
  List<MemoryRegionSection> owed(Listening listener) {
    List<MemoryRegionSection> owed = new ArrayList<>();
    for (int i = populates ? 0 : made; i < (populates ? made : listeners.size()); i++) {
      if (listeners.get(i) == listener) {
        owed.add(parts.get(i));
      }
    }
    return owed;
  }
}
