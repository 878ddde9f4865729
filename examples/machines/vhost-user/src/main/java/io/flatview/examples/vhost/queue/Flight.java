package io.flatview.examples.vhost.queue;

import io.flatview.examples.virtio.VirtioRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The requests that were taken and not returned, in the order in which they were taken, with those between that were
 * returned already. Confined to the thread of the queue.
 */
final class Flight {

  private final Deque<Task> tasks = new ArrayDeque<>();
  private final boolean inOrder;
  private int size;

  /**
   * Nothing yet.
   *
   * @param inOrder whether requests are returned in the order in which they were taken
   */
  Flight(boolean inOrder) {
    this.inOrder = inOrder;
  }

  /** Adds a request that was taken. */
  Task add(VirtioRequest request) {
    Task task = new Task(request);
    tasks.add(task);
    size++;
    return task;
  }

  /** How many are not returned. */
  int size() {
    return size;
  }

  /**
   * The request to return next.
   *
   * @param served one that was served just now, or null
   * @return null if none can be returned
   */
  Task next(Task served) {
    if (!inOrder) {
      return served;
    }
    Task first = tasks.peekFirst();
    return first != null && first.isServed() ? first : null;
  }

  /** Takes a request out that was returned. */
  void remove(Task task) {
    task.setReturned();
    size--;
    while (!tasks.isEmpty() && tasks.peekFirst().isReturned()) {
      tasks.removeFirst();
    }
  }

  /** The latest requests of which none was returned, the latest first: they can be taken again. */
  List<Task> latest() {
    List<Task> latest = new ArrayList<>();
    Iterator<Task> backwards = tasks.descendingIterator();
    while (backwards.hasNext()) {
      Task task = backwards.next();
      if (task.isReturned()) {
        break;
      }
      latest.add(task);
    }
    return latest;
  }
}
