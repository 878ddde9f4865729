package io.flatview.examples.races;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a race that is broken on purpose: its bad outcome is graded interesting, and is expected to be seen. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface BrokenTwin {

  /**
   * Where the bad outcome can be seen. The memory model allows it everywhere.
   *
   * @return the processor that shows it
   */
  SeenOn seenOn() default SeenOn.EVERY_PROCESSOR;

  /** Which processors let the bad outcome happen. */
  enum SeenOn {
    /** All of them, x86 included. */
    EVERY_PROCESSOR,
    /** Those that let a store overtake an earlier load, as ARM does and x86 does not. */
    WEAK_PROCESSORS
  }
}
