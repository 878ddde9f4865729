package io.flatview.examples.bench.rcu;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One policy for all threads of a benchmark, and a pointer that it protects. */
@State(Scope.Benchmark)
public class SharedPolicy {

  private static final String FENCE_PROPERTY = "flatview.rcu.epoch.fence";

  /** The flavour and, behind a slash, the way its readers are fenced. */
  @Param({"epoch/membarrier", "epoch/full", "qsbr", "refcount"})
  public String flavour;

  private ReclaimPolicy policy;
  private RcuReference<Item> reference;

  /** Opens the policy. The fence is chosen before the first class of the backend is initialised. */
  @Setup
  public void open() {
    String[] words = flavour.split("/");
    if (words.length > 1) {
      System.setProperty(FENCE_PROPERTY, words[1]);
    }
    policy = ReclaimPolicies.discover(words[0]);
    reference = new RcuReference<>(policy, new Item(42));
  }

  /** Closes the policy. */
  @TearDown
  public void close() {
    policy.close();
  }

  ReclaimPolicy policy() {
    return policy;
  }

  /** Enters, dereferences, reads, leaves. */
  int read(Reader reader) {
    try (ReadSection _ = reader.enter()) {
      return reference.dereference(reader).value();
    }
  }

  /** Follows the pointer under no protection. */
  int readUnprotected() {
    return reference.dereferenceProtected().value();
  }
}
