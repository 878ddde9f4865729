package io.flatview.dispatch.model;

/** A listener's callbacks. */
enum Call {
  PLAN,
  BEGIN,
  DEL,
  ADD,
  NOP,
  LOG_START,
  LOG_STOP,
  COMMIT,
  ABORT;

  /** Whether the listener with the highest priority is called first. */
  boolean descends() {
    return this == DEL || this == LOG_STOP;
  }

  /** A call to one listener; {@code section} is null, and the masks 0, where they do not apply. */
  record Heard(Call call, Listener listener, ModelSection section, int before, int after) {
    @Override
    public String toString() {
      return listener + " " + call + (section == null ? "" : " " + section)
          + (before == after ? "" : " " + before + "->" + after);
    }
  }

  /** The listener that is called; the number counts registrations. */
  record Listener(int space, int priority, int number) implements Comparable<Listener> {
    @Override
    public int compareTo(Listener other) {
      return priority != other.priority
          ? Integer.compare(priority, other.priority)
          : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
      return "s" + space + "#" + number + "(" + priority + ")";
    }
  }
}
