package io.flatview.examples.virtio;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Keeps account of a packed queue's requests that are with the device, for a device that starts again where another
 * ended. The ring itself does not show it: a returned descriptor overwrites the descriptors of others. Called by the
 * thread of the queue.
 *
 * <p>A position is an index in the lower 15 bits, and the wrap counter in bit 15.
 */
public interface PackedJournal {

  /**
   * A request that was taken and not returned.
   *
   * @param id of its buffer
   * @param words its descriptors as they stood in the ring, two words each
   */
  record Taken(int id, long[] words) {}

  /**
   * Where a queue stands.
   *
   * @param used the position of the next descriptor that says of a request that it is returned
   * @param taken in the order in which they were taken
   */
  record State(int used, List<Taken> taken) {}

  /** Keeps nothing. */
  PackedJournal NONE = new PackedJournal() {
    @Override
    public State recover(int used, IntPredicate available) {
      return new State(used, List.of());
    }

    @Override
    public void taken(int id, long[] words, int descriptors) {}

    @Override
    public void returning(int id, int next) {}

    @Override
    public void returned(int id, int next) {}
  };

  /**
   * Goes on with the account of a device that ended at any point, or begins a new one.
   *
   * @param used the position that the driver has set, for a new account
   * @param available whether the descriptor at a position is still as the driver made it available; an exception of
   *     this leaves the account as it was
   * @return where the queue stands
   */
  State recover(int used, IntPredicate available);

  /**
   * A request was taken from the ring, and is not looked at before this returns.
   *
   * @param id of its buffer; no other request that is not returned has it
   * @param words its descriptors as they stand in the ring, two words each; used by the caller afterwards
   * @param descriptors the number of descriptors
   */
  void taken(int id, long[] words, int descriptors);

  /**
   * A request is in the ring as returned, but for the flags.
   *
   * @param id of its buffer
   * @param next the position after it
   */
  void returning(int id, int next);

  /**
   * The flags say that a request is returned.
   *
   * @param id of its buffer
   * @param next the position after it
   */
  void returned(int id, int next);
}
