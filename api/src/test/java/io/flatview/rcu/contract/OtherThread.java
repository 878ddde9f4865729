package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/** A platform or virtual thread in which a rule does a part of its work. */
final class OtherThread {

  private OtherThread() {}

  /** Runs a step in a thread, and waits for its end. */
  static void run(boolean virtual, Runnable step) {
    Thread thread = virtual ? Thread.ofVirtual().unstarted(step) : Thread.ofPlatform().unstarted(step);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A thread takes a reader over, does {@code first}, and is protected in its section; then it closes the reader. */
  static void assertProtectedBy(Reader reader, ContractRules rules, boolean virtual, Runnable first) {
    try (Puppet user = virtual ? Puppet.virtual() : Puppet.platform()) {
      user.tell(first);
      ReadSection section = user.ask(reader::enter);
      Trace trace = rules.retireTrace();
      Await.notFor("the action ran under an open section", trace::hasRun);
      assertTrue(user.ask(rules.policy()::inSection));
      assertEquals(1, rules.policy().statistics().readers());
      user.tell(section::close);
      user.tell(reader::offline);
      Await.until("the action has run", trace::hasRun);
      user.tell(reader::close);
      assertEquals(0, rules.policy().statistics().readers());
    }
  }
}
