package io.flatview.examples.cli.demo.churn;

import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;

/** A listener that refuses a commit, or fails in the middle of one, as its mode says. Used by the writer's thread. */
final class Refusal implements MemoryListener {

  private Mode mode = Mode.ACCEPT;

  void set(Mode next) {
    mode = next;
  }

  @Override
  public void plan(MapChange change) {
    if (mode == Mode.REFUSE) {
      throw new Refused("refused on purpose");
    }
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    if (mode == Mode.FAIL) {
      throw new Refused("failed on purpose");
    }
  }

  /** The treatment of the next commits. */
  enum Mode {
    /** Nothing. */
    ACCEPT,
    /** Refuse the plan. */
    REFUSE,
    /** Fail before publication, when others were already called. */
    FAIL
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }
}
