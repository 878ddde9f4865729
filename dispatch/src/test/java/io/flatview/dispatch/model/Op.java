package io.flatview.dispatch.model;

import java.math.BigInteger;

/** A step of a history. Regions and address spaces go by number, so that steps can be dropped. */
sealed interface Op {

  /** Makes a region; {@code target} and {@code targetOffset} are those of an alias. */
  record Make(int id, Kind kind, BigInteger size, int target, BigInteger targetOffset) implements Op {
    static Make of(int id, Kind kind, BigInteger size) {
      return new Make(id, kind, size, ModelRegion.NONE, BigInteger.ZERO);
    }
  }

  /** A change that a transaction makes; outside one it is a transaction of its own. */
  sealed interface Change extends Op {}

  record Add(int parent, BigInteger offset, int child, int priority) implements Change {}

  record Del(int child) implements Change {}

  record Move(int region, BigInteger offset) implements Change {}

  record Resize(int region, BigInteger size) implements Change {}

  record SetFlag(int region, Flag flag, int value) implements Change {}

  record Slide(int alias, BigInteger targetOffset) implements Change {}

  /** What {@link SetFlag} sets; all but the mask are 0 or 1. */
  enum Flag {
    ENABLED,
    READ_ONLY,
    NON_VOLATILE,
    UNMERGEABLE,
    NO_FETCH,
    DIRTY_LOG_MASK,
    ROMD_MODE
  }

  /** A call that makes a transaction of its own, or joins the one that is open. */
  sealed interface Direct extends Op {}

  record Close(int region) implements Direct {}

  record OpenSpace(int space, int root) implements Direct {}

  record CloseSpace(int space) implements Direct {}

  record Begin() implements Op {}

  /** Ends the innermost transaction; with a trap other than 0, a listener fails at that many callbacks. */
  record Commit(int trap) implements Op {
    static final int NO_TRAP = 0;
    static final int VETO = -1;
  }

  record RollBack() implements Op {}

  /** Asks the innermost transaction what it would change. */
  record Plan() implements Op {}

  /** The reader enters a section, which pins the generation in force. */
  record Enter() implements Op {}

  record Leave() implements Op {}

  record GracePeriod() implements Op {}

  record Load(int space, long address, int size) implements Op {}

  record Store(int space, long address, int size, long value) implements Op {}
}
