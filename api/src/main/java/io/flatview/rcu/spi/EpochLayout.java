package io.flatview.rcu.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The word of an {@link EpochCounter}, kept apart from its neighbours in the manner of {@link SlotLayout}. */
final class EpochLayout {

  private EpochLayout() {}

  /** The word. */
  static class Word extends SlotLayout.Before {

    static final VarHandle EPOCH;

    static {
      try {
        EPOCH = MethodHandles.lookup().findVarHandle(Word.class, "epoch", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    /** The number; accessed through EPOCH only. */
    long epoch;
  }

  /** Padding behind. */
  static class After extends Word {
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
