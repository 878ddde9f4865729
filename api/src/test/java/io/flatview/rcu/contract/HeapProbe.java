package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.time.Duration;

/**
 * A program that runs out of memory while a reader holds up reclamation, for a small JVM of its own: prints
 * "survived" if reclamation goes on afterwards.
 */
public final class HeapProbe {

  private static final int SMALLEST = 16;

  private HeapProbe() {}

  /**
   * Runs the program.
   *
   * @param args the class of a provider
   * @throws ReflectiveOperationException if there is no such class
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    ReclaimPolicyProvider provider =
        (ReclaimPolicyProvider) Class.forName(args[0]).getDeclaredConstructor().newInstance();
    ReclaimOptions options = ReclaimOptions.defaults().withStallThreshold(Duration.ofMillis(10));
    try (ReclaimPolicy policy = provider.create(options)) {
      for (int i = 0; i < 2; i++) {
        runOut(policy);
      }
      System.out.println("survived");
    }
    System.exit(0);
  }

  private static void runOut(ReclaimPolicy policy) {
    try (RemoteReader first = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy);
        RemoteReader second = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy)) {
      first.enter();
      second.enter();
      for (int i = 0; i < 1_000; i++) {
        policy.retire(() -> {});
      }
      Object ballast = fill(1 << 20, null);
      long end = System.nanoTime() + 300_000_000L;
      while (System.nanoTime() < end) {
        ballast = fill(SMALLEST, ballast);
        Thread.yield();
      }
      ballast = null;
      first.leave();
      second.leave();
    }
    policy.barrier();
  }

  /**
   * Fills the heap to the last word.
   *
   * @param size the number of bytes of the largest array
   * @param before what the last array refers to
   * @return a chain of arrays, each of which has the one before
   */
  public static Object fill(int size, Object before) {
    Object last = before;
    for (int next = size; next >= SMALLEST; next /= 2) {
      last = fillWith(next, last);
    }
    return last;
  }

  private static Object fillWith(int size, Object before) {
    Object last = before;
    try {
      while (true) {
        Object[] link = new Object[size / 8];
        link[0] = last;
        last = link;
      }
    } catch (OutOfMemoryError e) {
      return last;
    }
  }
}
