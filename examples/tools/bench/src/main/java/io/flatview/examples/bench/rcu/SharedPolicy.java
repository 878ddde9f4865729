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

  /** The flavour and, behind a slash, the way in which its readers are fenced or counted. */
  @Param({"epoch/membarrier", "epoch/full", "qsbr", "qsbr/uncounted", "refcount"})
  public String flavour;

  private ReclaimPolicy policy;
  private RcuReference<Item> reference;

  /** Opens the policy. The way is chosen before the first class of the backend is initialised. */
  @Setup
  public void open() {
    String[] words = flavour.split("/");
    if (words.length > 1) {
      choose(words[0], words[1]);
    }
    policy = ReclaimPolicies.discover(words[0]);
    reference = new RcuReference<>(policy, new Item(42));
  }

  private static void choose(String name, String way) {
    switch (name) {
      case "epoch" -> System.setProperty("flatview.rcu.epoch.fence", way);
      case "qsbr" -> System.setProperty("flatview.rcu.qsbr." + way, "true");
      default -> throw new IllegalArgumentException("the " + name + " flavour has no way to be chosen: " + way);
    }
  }

  /** Closes the policy. */
  @TearDown
  public void close() {
    policy.close();
  }

  ReclaimPolicy policy() {
    return policy;
  }

  RcuReference<Item> reference() {
    return reference;
  }

  /** Enters, dereferences, reads, leaves. */
  int read(Reader reader) {
    return read(reference, reader);
  }

  /** The same, for a caller that has the reference at hand. */
  static int read(RcuReference<Item> reference, Reader reader) {
    try (ReadSection _ = reader.enter()) {
      return reference.dereference(reader).value();
    }
  }

  /** Follows the pointer under no protection: an error in checked mode, which is never measured. */
  int readUnprotected() {
    return reference.dereference().value();
  }
}
