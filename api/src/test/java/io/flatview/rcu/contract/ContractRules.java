package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicy;

/** What the groups of rules work on. */
public interface ContractRules {

  /**
   * The policy under test, new for every rule and closed after it.
   *
   * @return the same one during a rule
   */
  ReclaimPolicy policy();

  /**
   * Makes another policy of the flavour under test.
   *
   * @return a new one, to be closed by the rule
   */
  ReclaimPolicy newPolicy();

  /**
   * Whether a section must be left by the thread that entered it.
   *
   * @return false for flavours whose sections may move
   */
  default boolean sectionsAreBoundToThreads() {
    return true;
  }

  /**
   * Retires something that does nothing but say that it has run.
   *
   * @return its state
   */
  default Trace retireTrace() {
    Trace trace = new Trace();
    policy().retire(trace);
    return trace;
  }
}
