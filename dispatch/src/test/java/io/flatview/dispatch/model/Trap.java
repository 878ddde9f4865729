package io.flatview.dispatch.model;

/** Makes one callback of one commit fail. */
final class Trap {

  private int armed;
  private boolean sprung;

  void arm(int trap) {
    armed = trap;
    sprung = false;
  }

  /** Whether a callback failed. */
  boolean disarm() {
    boolean failed = sprung;
    arm(Op.Commit.NO_TRAP);
    return failed;
  }

  void hear(Call call) {
    boolean fails = switch (call) {
      case PLAN -> armed == Op.Commit.VETO;
      case COMMIT, ABORT -> false;
      default -> armed > 0 && --armed == 0;
    };
    if (fails && !sprung) {
      sprung = true;
      throw new IllegalStateException("the trap");
    }
  }
}
