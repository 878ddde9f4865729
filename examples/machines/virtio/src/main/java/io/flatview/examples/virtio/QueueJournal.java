package io.flatview.examples.virtio;

import java.util.List;

/**
 * Keeps account of a split queue's requests that are with the device, for a device that starts again where another
 * ended. Called by the thread of the queue.
 */
public interface QueueJournal {

  /** Keeps nothing. */
  QueueJournal NONE = new QueueJournal() {
    @Override
    public List<Integer> recover(int usedIndex) {
      return List.of();
    }

    @Override
    public void taken(int head) {}

    @Override
    public void returning(int head) {}

    @Override
    public void returned(int head, int usedIndex) {}
  };

  /**
   * Goes on with the account of a device that ended at any point, or begins a new one.
   *
   * @param usedIndex as it stands in the used ring
   * @return the heads of requests that were taken and not returned, in the order in which they were taken
   */
  List<Integer> recover(int usedIndex);

  /**
   * A request was taken from the available ring, and is not looked at before this returns.
   *
   * @param head the first descriptor of its chain
   */
  void taken(int head);

  /**
   * A request is in the used ring, and the index does not cover it yet.
   *
   * @param head the first descriptor of its chain
   */
  void returning(int head);

  /**
   * The index of the used ring covers a request.
   *
   * @param head the first descriptor of its chain
   * @param usedIndex the index
   */
  void returned(int head, int usedIndex);
}
