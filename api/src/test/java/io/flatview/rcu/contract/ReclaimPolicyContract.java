package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of {@link ReclaimPolicy} as tests, to be passed by every flavour. A flavour extends this class and says
 * how to make a policy; the rules stand in the interfaces, by subject.
 *
 * <p>Every rule gets a new policy and ends in a thread of its own after a minute, since what goes wrong here hangs.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ReclaimPolicyContract
    implements ReaderRules, RetireRules, ReclaimActionRules, GracePeriodRules, OwnSectionRules, ThreadRules,
        AbandonedRules, CheckedRules, ClosingRules, TortureRules {

  private ReclaimPolicy policy;

  /** For subclasses. */
  protected ReclaimPolicyContract() {}

  @Override
  public ReclaimPolicy policy() {
    return policy;
  }

  /** Makes the policy under test. */
  @BeforeEach
  protected void open() {
    policy = newPolicy();
  }

  /** Closes it; a rule that failed may have left readers behind, so not for long. */
  @AfterEach
  protected void close() {
    policy.close(Duration.ofSeconds(2));
  }
}
