package io.flatview.rcu;

import java.time.Duration;
import java.util.Objects;

/**
 * Safe memory reclamation: decides when no reader can see an unlinked object any more.
 *
 * <p>A writer unlinks an object so that no new reader can find it (a release store, as {@link RcuReference#assign}
 * does) and then {@linkplain #retire retires} it. The action runs after a <em>grace period</em>: when every section
 * that was open at the time of {@code retire} has ended. The grace period begins by itself, soon after; sections
 * entered after it began are not waited for, so readers whose sections overlap without a gap hold up nothing.
 *
 * <table class="striped">
 * <caption>The flavours that come with this project</caption>
 * <thead><tr><th scope="col">flavour</th><th scope="col">read side</th><th scope="col">use when</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">epoch</th><td>a store and a load</td><td>in general</td></tr>
 * <tr><th scope="row">qsbr</th><td>nothing; explicit readers announce quiescent states</td><td>vCPU and event
 * loops</td></tr>
 * <tr><th scope="row">refcount</th><td>counted sections, not tied to a thread</td>
 * <td>sections that change threads, tens of thousands of readers</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Threading.</b> All methods may be called by any thread. {@link #synchronize}, {@link #synchronizeExpedited},
 * {@link #barrier}, {@link #close(Duration)} and {@link GracePeriod#await} throw {@link IllegalStateException} at once
 * if they are called inside the caller's own section, or by an action or a stall listener, since they could never
 * return; likewise where {@link #forbidWaiting} forbids them. While a thread waits in one of them, its own readers hold
 * up nothing.
 *
 * <p><b>After closing</b>, each call that registers a reader, retires, holds the policy, or begins or waits for a grace
 * period throws {@link IllegalStateException}, and so does a wait that the closing gives up. Readers may still be used
 * and closed, tokens polled, and statistics taken; nothing is reclaimed any more. A flavour that fails closes its
 * policy: the exceptions have its failure as their cause.
 */
public interface ReclaimPolicy extends AutoCloseable {

  /**
   * The name of the flavour.
   *
   * @return the name under which its provider is found
   */
  String name();

  /**
   * Registers a reader, with the calling thread or virtual thread as its first user: {@link Reader} says how another
   * thread takes it over, and what happens when its user ends. In the qsbr flavour it starts online, and holds up grace
   * periods until it announces a quiescent state, goes offline or is closed.
   *
   * @param name the name of the reader, for reports
   * @return the reader, to be closed by its user
   * @throws IllegalStateException if the policy is closed
   */
  Reader register(String name);

  /**
   * The calling thread's own reader, made at its first use and released when the thread has ended, unless it ended
   * inside a section. Outside its sections it never holds up a grace period, in any flavour.
   *
   * @return the implicit reader; closing it is an error
   * @throws IllegalStateException if the policy is closed and the thread had no reader before
   */
  Reader currentReader();

  /**
   * Whether the calling thread is inside a section, of its own reader or of one that it registered: {@code
   * rcu_read_lock_held}. For assertions. False in the qsbr flavour if it is configured not to count sections.
   *
   * @return true inside a section
   */
  boolean inSection();

  /**
   * Refuses to go on outside a section of the calling thread.
   *
   * @throws IllegalStateException unless {@link #inSection()}
   */
  default void requireSection() {
    if (!inSection()) {
      throw new IllegalStateException(Thread.currentThread() + " is outside any section of the " + name()
          + " policy; write try (ReadSection _ = reader.enter()) { ... }");
    }
  }

  /**
   * Refuses to go on unless a reader is inside a section.
   *
   * @param reader of this policy
   * @throws IllegalStateException if it is outside any section
   * @throws IllegalArgumentException if it is of another policy, as far as the policy can tell
   */
  default void requireSection(Reader reader) {
    if (!reader.inSection()) {
      throw new IllegalStateException("reader '" + reader.name() + "' is outside any section of the " + name()
          + " policy; write try (ReadSection _ = reader.enter()) { ... }");
    }
  }

  /**
   * Retires an action: it runs after a grace period. Never waits, unless the {@linkplain BacklogPolicy#THROTTLE
   * options} say so, and may be called inside a section or by an action. Actions run one at a time; those that one
   * thread retired run in the order in which it retired them. An action that takes long delays the later ones and
   * {@link #barrier()}, but no grace period.
   *
   * @param action runs once, after a grace period
   * @throws RejectedRetireException if the backlog is full and the {@linkplain BacklogPolicy#REJECT options} say so
   * @throws IllegalStateException if the policy is closed; the action will not run. In {@linkplain Checked checked
   *     mode} also if this very action was retired and has not run, unless it has no state that could be freed twice
   */
  void retire(ReclaimAction action);

  /**
   * Retires memory outside the heap, as {@link #retire(ReclaimAction)} does, with its size. The memory counts against
   * the {@linkplain ReclaimOptions#memoryLimit() memory limit} until the action has run, and by default the calling
   * thread waits while too much memory waits; {@link BacklogPolicy#THROTTLE} says where it does not. Grace periods
   * begin sooner while much memory waits.
   *
   * @param action gives the memory back; runs once, after a grace period
   * @param bytes the size of the memory, 0 or more; it counts as one block, whatever its size
   * @throws IllegalArgumentException if that is negative
   * @throws RejectedRetireException if too much waits and the {@linkplain BacklogPolicy#REJECT options} say so
   * @throws IllegalStateException as {@link #retire(ReclaimAction)}
   */
  default void retire(ReclaimAction action, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("memory of " + bytes + " bytes cannot be retired");
    }
    retire(action);
  }

  /**
   * Retires an object, as {@link #retire(ReclaimAction)} does. In {@linkplain Checked checked mode} the object is
   * remembered as long as it is reachable: it can be retired once, and from the time when the action runs, {@link
   * RcuReference#dereference()} and {@link Checked#requireLive} refuse it. To recycle storage, retire a new handle
   * object each time instead of the storage.
   *
   * @param object the object that was unlinked
   * @param action runs once, after a grace period
   * @throws RejectedRetireException as above; the object counts as not retired
   * @throws IllegalStateException as above, or in checked mode if the object was retired before
   */
  default void retire(Object object, ReclaimAction action) {
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(action, "action");
    if (Checked.ON) {
      Lifetimes.retire(this, object, action);
    } else {
      retire(action);
    }
  }

  /**
   * Waits for a grace period, and runs it in the calling thread if that is a platform thread and none is under way.
   * Concurrent callers share one. Interrupts do not break the wait and are not lost.
   *
   * @throws IllegalStateException inside the caller's own section, in an action, or if the policy is closed
   */
  void synchronize();

  /**
   * Waits for a grace period, as fast as possible and at the expense of other threads: spins rather than sleeps.
   *
   * @throws IllegalStateException as {@link #synchronize}
   */
  void synchronizeExpedited();

  /**
   * Waits until every action retired before this call has run. Interrupts do not break the wait and are not lost.
   *
   * @throws IllegalStateException as {@link #synchronize}
   */
  void barrier();

  /**
   * Starts a grace period without waiting for it; legal inside a section.
   *
   * @return the token of that grace period
   * @throws IllegalStateException if the policy is closed
   */
  GracePeriod startGracePeriod();

  /**
   * Forbids the calling thread to wait for grace periods until the scope is closed, as it holds something that a reader
   * inside a section may be waiting for, such as a lock: both would wait for ever. Until then, {@link #synchronize},
   * {@link #synchronizeExpedited}, {@link #barrier}, {@link #close(Duration)} and {@link GracePeriod#await} throw
   * {@link IllegalStateException} at once, as inside a section, and {@link #retire} does not {@linkplain
   * BacklogPolicy#THROTTLE throttle}. That holds for all policies of the house's flavours and of others on the same
   * engine, whichever of them opened the scope: a reader of any may be waiting. Each scope is closed by the thread that
   * opened it; scopes may end in any order, and waiting is forbidden until the last has ended.
   *
   * <p>Code that calls user code while it holds a lock opens a scope around these calls. A wait in another way, such as
   * for a future that completes after a grace period, is not noticed.
   *
   * @param holder the holder and the thing held, for the error, such as "a listener of memory system 'board'"
   * @return the scope, to be closed by the same thread
   */
  NoWaitScope forbidWaiting(String holder);

  /**
   * Keeps this policy from being closed: until the hold is closed, {@link #close()} throws at once, names the holder,
   * and closes nothing. For objects that retire through a policy which their user closes.
   *
   * @param user the part that needs the policy, for the error, such as "memory system 'board'"
   * @return the hold, to be closed by its user
   * @throws IllegalStateException if the policy is closed
   */
  PolicyHold hold(String user);

  /**
   * The counts of actions and grace periods so far.
   *
   * @return a snapshot of all counts
   */
  ReclaimStatistics statistics();

  /**
   * Closes the policy: refuses further {@code retire}, waits for grace periods and runs the actions that are left. A
   * thread that still waits for a grace period when the deadline has passed gets an {@link IllegalStateException}.
   * Closing again returns the same number; it waits for nothing but an action that is still running.
   *
   * @param deadline the longest time to wait, none if it is negative; interrupts do not shorten it and are not lost
   * @return the number of actions that had not begun when the time was up, as a reader did not leave or an action
   *     before them did not end; they never run
   * @throws IllegalStateException inside the caller's own section or in an action, or while {@linkplain #hold something
   *     needs} the policy; then nothing has changed, and it can be closed later
   */
  long close(Duration deadline);

  /**
   * Closes with the deadline of the {@linkplain ReclaimOptions options}, usually ten seconds, and reports what
   * could not be run.
   *
   * @throws IllegalStateException as {@link #close(Duration)}
   */
  @Override
  void close();
}
