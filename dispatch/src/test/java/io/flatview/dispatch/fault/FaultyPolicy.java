package io.flatview.dispatch.fault;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.PolicyHold;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.time.Duration;

/** Fails to retire as {@link Faults} says, and does the rest as the policy that reclaims on request. */
final class FaultyPolicy implements ReclaimPolicy {

  private static final int ROOM = 60;

  final ManualReclaimPolicy manual = new ManualReclaimPolicy();

  /** The policy's lock is lost if the stack ends while it is taken: so the stack ends here. */
  static int room(int calls) {
    return calls == 0 ? 0 : 1 + room(calls - 1);
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public Reader register(String name) {
    return manual.register(name);
  }

  @Override
  public Reader currentReader() {
    return manual.currentReader();
  }

  @Override
  public boolean inSection() {
    return manual.inSection();
  }

  @Override
  public void retire(ReclaimAction action) {
    Faults.retire();
    room(ROOM);
    manual.retire(action);
  }

  @Override
  public void synchronize() {
    manual.synchronize();
  }

  @Override
  public void synchronizeExpedited() {
    manual.synchronizeExpedited();
  }

  @Override
  public void barrier() {
    manual.barrier();
  }

  @Override
  public GracePeriod startGracePeriod() {
    Faults.retire();
    room(ROOM);
    return manual.startGracePeriod();
  }

  @Override
  public NoWaitScope forbidWaiting(String holder) {
    return manual.forbidWaiting(holder);
  }

  @Override
  public PolicyHold hold(String user) {
    return manual.hold(user);
  }

  @Override
  public ReclaimStatistics statistics() {
    return manual.statistics();
  }

  @Override
  public long close(Duration deadline) {
    return manual.close(deadline);
  }

  @Override
  public void close() {
    manual.close();
  }
}
