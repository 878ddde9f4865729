package io.flatview.rcu.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The words of a {@link Slot} that are touched by every section, kept 128 bytes away from the object's other fields and
 * from neighbouring objects: two cache lines, as adjacent lines are fetched together.
 *
 * <p>The fields are in nested classes, since HotSpot lays out the fields of a class after those of its superclass. All
 * fields are of 8 bytes: a smaller one would be moved into the gap after the object header, out of the padding.
 */
final class SlotLayout {

  private SlotLayout() {}

  /** Padding in front. */
  static class Before {
    long b01;
    long b02;
    long b03;
    long b04;
    long b05;
    long b06;
    long b07;
    long b08;
    long b09;
    long b10;
    long b11;
    long b12;
    long b13;
    long b14;
    long b15;
  }

  /** The hot words. */
  static class Words extends Before {

    static final VarHandle SLOT = handle("slot");
    static final VarHandle ASIDE = handle("aside");
    static final VarHandle USER = handle("user");

    /** The slot, which scans read: above 0 inside, 0 outside, below 0 one of the states of SlotReader. */
    long slot;

    /** A second word, for flavours that need one; 0 at first. */
    long aside;

    /** The number of the thread that uses the reader through this slot; 0 while no thread may. */
    long user;

    /**
     * The flavour's note on the section that is open here; 0 at first. It is written plainly by the thread that
     * enters or leaves: a store that needs no call, and so no stack.
     */
    public long note;

    private static VarHandle handle(String field) {
      try {
        return MethodHandles.lookup().findVarHandle(Words.class, field, long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  /** Padding behind. */
  static class After extends Words {
    long a01;
    long a02;
    long a03;
    long a04;
    long a05;
    long a06;
    long a07;
    long a08;
    long a09;
    long a10;
    long a11;
    long a12;
    long a13;
    long a14;
    long a15;
  }
}
