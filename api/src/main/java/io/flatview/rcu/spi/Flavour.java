package io.flatview.rcu.spi;

import java.util.List;

/**
 * The part in which reclamation flavours differ: how a reader enters and leaves, and how a grace period finds out that
 * no reader is left inside. Everything else is {@link ReclaimEngine}.
 *
 * <p><b>Threading.</b> {@link #newReader} is called by any thread. {@link #begin} and its {@link Scan} are called by
 * the platform thread that runs the grace period, one grace period after the other: their writes in one are visible in
 * the next.
 */
public interface Flavour {

  /**
   * The name of the flavour, as its provider gives it.
   *
   * @return a short lower-case word
   */
  String name();

  /**
   * Makes a reader, outside any section. {@link SlotReader#attach} follows if a program registers it.
   *
   * @param registration to be passed to the constructor of {@link SlotReader}
   * @return a new reader
   */
  SlotReader newReader(Registration registration);

  /**
   * Begins a grace period. The engine has issued a full fence since everything that this grace period is to cover was
   * unlinked, and took the list of readers after that fence: a reader that is missing there sees all that was unlinked.
   *
   * @param readers the registered readers; immutable
   * @return the search for those that are still inside a section that they opened before
   */
  Scan begin(List<SlotReader> readers);
}
