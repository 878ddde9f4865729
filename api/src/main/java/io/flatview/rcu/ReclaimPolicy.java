package io.flatview.rcu;

import java.time.Duration;

/**
 * Safe memory reclamation: decides when something that was unlinked can no longer be seen by any reader.
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
 * <tr><th scope="row">epoch</th><td>a store and a load</td><td>in general, on platform threads</td></tr>
 * <tr><th scope="row">qsbr</th><td>nothing; explicit readers announce quiescent states</td><td>vCPU and event
 * loops</td></tr>
 * <tr><th scope="row">refcount</th><td>counted sections, not tied to a thread</td>
 * <td>virtual threads, sections that block or change threads</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Threading.</b> All methods may be called by any thread. {@link #synchronize}, {@link #synchronizeExpedited},
 * {@link #barrier}, {@link #close(Duration)} and {@link GracePeriod#await} called inside the caller's own section, or
 * by an action or a stall listener, are an {@link IllegalStateException} at once, since they could never return. While
 * a thread waits in one of them, its own readers hold up nothing.
 *
 * <p><b>After closing</b>, sections may still be left and readers closed, and tokens polled; all else that is asked of
 * the policy is an {@link IllegalStateException}, and so is what was being waited for when it was given up.
 */
public interface ReclaimPolicy extends AutoCloseable {

  /**
   * The name of the flavour.
   *
   * @return the name under which its provider is found
   */
  String name();

  /**
   * Registers a reader for the calling thread or virtual thread. In the qsbr flavour it starts online, and holds up
   * grace periods until it announces a quiescent state, goes offline or is closed.
   *
   * <p>If the thread ends without closing it, the reader is reported, released, and of no use any more.
   *
   * @param name for reports
   * @return the reader, to be closed by its user
   * @throws IllegalStateException if the policy is closed
   */
  Reader register(String name);

  /**
   * The calling thread's own reader, made on first use and taken out when the thread ends. Outside its sections it
   * never holds up a grace period, in any flavour.
   *
   * @return the implicit reader; closing it is an error
   * @throws IllegalStateException if the policy is closed and the thread had no reader before
   */
  Reader currentReader();

  /**
   * Hands something over for reclamation. Never waits, unless the {@linkplain BacklogPolicy#THROTTLE options} say so,
   * and may be called inside a section or by an action. Actions run one at a time; those that one thread retired run in
   * the order in which it retired them.
   *
   * @param action runs once, after a grace period
   * @throws RejectedRetireException if the backlog is full and the {@linkplain BacklogPolicy#REJECT options} say so
   * @throws IllegalStateException if the policy is closed; the action will not run
   */
  void retire(ReclaimAction action);

  /**
   * Waits for a grace period, and runs it in the calling thread if that is a platform thread and none is under way.
   * Concurrent callers share one. Interrupts do not break the wait and are not lost.
   *
   * @throws IllegalStateException inside the caller's own section, in an action, or if the policy is closed
   */
  void synchronize();

  /**
   * Waits for a grace period, as fast as possible and at the expense of others: spins rather than sleeps.
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
   * @return its token
   * @throws IllegalStateException if the policy is closed
   */
  GracePeriod startGracePeriod();

  /**
   * What has happened so far.
   *
   * @return a snapshot
   */
  ReclaimStatistics statistics();

  /**
   * Closes the policy: refuses further {@code retire}, waits for grace periods and runs what is left. Whoever waits for
   * a grace period that is given up is woken by an {@link IllegalStateException}. Closing again does nothing and
   * returns the same number.
   *
   * @param deadline how long to wait at most; interrupts do not shorten it and are not lost
   * @return how many actions had not begun when the time was up, as a reader did not leave or an action before them did
   * not
   *     end; they never run
   * @throws IllegalStateException inside the caller's own section or in an action
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
