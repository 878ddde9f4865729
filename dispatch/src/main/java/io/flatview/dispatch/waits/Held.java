package io.flatview.dispatch.waits;

/**
 * Something that one thread at a time has, while it may wait for something else: a lock or a turn. {@code toString}
 * describes it in messages.
 */
public interface Held {

  /**
   * The thread that has it. Called with the lock of the {@link WaitGraph}, so it takes no lock. The answer matters only
   * if that thread is in the graph, which has ordered what it did before its wait.
   *
   * @return the thread, or null if none has it; in doubt any thread that is not in the graph
   */
  Thread holder();
}
