package io.flatview.dispatch.waits;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The threads that wait for what another thread has, and may have something themselves. Thread-safe.
 *
 * <p>The graph is consistent at one moment. Between {@link #begin} and {@link #end} a thread neither takes nor releases
 * anything, except what it waits for, and while the graph is searched no wait begins or ends. So the threads of a
 * circle block each other for ever, unless one of them is refused. That thread leaves the graph under the same lock, so
 * the others find no circle any more and go on waiting. Without the lock, a search could see one thread before it
 * released its locks, and the next thread after that: a circle that never existed at one time.
 *
 * <p>A thread searches repeatedly. The one that closes a circle begins its wait last, and finds all others in the
 * graph. It is refused, or leaves that to a thread whose refusal costs less, which finds the same circle at its next
 * search.
 */
public class WaitGraph {

  /** The graph of all memory systems, as a circle may lead through several. */
  public static final WaitGraph ALL = new WaitGraph();

  private static final int FEW = 2;

  private final Map<Thread, Wait> waits = new IdentityHashMap<>(FEW);

  /** Makes a graph without waits. */
  public WaitGraph() {}

  /**
   * Notes that a thread waits.
   *
   * @param wait the wait of a thread that waits for nothing else
   */
  public synchronized void begin(Wait wait) {
    waits.put(wait.thread(), wait);
  }

  /**
   * Notes that a thread no longer waits. Allocates nothing.
   *
   * @param thread the thread
   */
  public synchronized void end(Thread thread) {
    waits.remove(thread);
  }

  /**
   * Ends a wait that leads back to itself: the holder of what the thread wants waits for something whose holder waits,
   * and so on.
   *
   * @param waiting the thread
   * @param atAnyPrice whether the wait is ended also if that of another thread in the circle is cheaper
   * @return the circle, or null if there is none or another thread is to be refused; then the thread still waits
   */
  public synchronized Circle endIfCircle(Thread waiting, boolean atAnyPrice) {
    Circle circle = isInCircle(waiting) ? circle(waits.get(waiting)) : null;
    if (circle == null || !atAnyPrice && !circle.isFirstTheCheapest()) {
      return null;
    }
    end(waiting);
    return circle;
  }

  private boolean isInCircle(Thread waiting) {
    Wait wait = waits.get(waiting);
    for (int hops = waits.size(); hops > 0 && wait != null; hops--) {
      Thread holder = wait.wanted().holder();
      if (holder == waiting) {
        return true;
      }
      wait = waits.get(holder);
    }
    return false;
  }

  private Circle circle(Wait first) {
    List<Wait> members = new ArrayList<>();
    Wait wait = first;
    do {
      members.add(wait);
      wait = waits.get(wait.wanted().holder());
    } while (wait != first);
    return new Circle(members);
  }
}
