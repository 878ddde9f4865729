package io.flatview.rcu.spi;

/** The wait of one grace period for the sections that were open when it began. */
@FunctionalInterface
public interface Scan {

  /**
   * Looks at the readers that were inside when last looked at. Never blocks; the caller backs off between calls.
   *
   * @return true if every section that was open at {@link Flavour#begin} has ended; what was read in them was read
   * before
   */
  boolean isOver();
}
