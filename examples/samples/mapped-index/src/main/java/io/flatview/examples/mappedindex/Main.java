package io.flatview.examples.mappedindex;

import io.flatview.rcu.ReclaimPolicyProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/** Swaps an index under its readers as fast as it can, once for each flavour that is found. */
public final class Main {

  private Main() {}

  /**
   * Runs.
   *
   * @param arguments for how many seconds for each flavour, 2 without; then how many swaps a second at most, as many as
   *     there can be without
   * @throws Exception if a file cannot be written, or a reader saw a torn record
   */
  public static void main(String[] arguments) throws Exception {
    Duration time = Duration.ofMillis((long) (1000 * (arguments.length > 0 ? Double.parseDouble(arguments[0]) : 2)));
    int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : Integer.MAX_VALUE;
    System.out.printf("%-10s %12s %14s %12s%n", "flavour", "swaps/s", "mapped at most", "M reads/s");
    for (ReclaimPolicyProvider provider : providers()) {
      try (Storm storm = new Storm(Path.of(System.getProperty("java.io.tmpdir")), provider)) {
        storm.run(time, rate);
        System.out.printf(Locale.ROOT, "%-10s %12.0f %14d %12.1f%n",
            provider.name(), storm.swapsPerSecond(), storm.mappedAtMost(), storm.readsPerSecond() / 1e6);
      }
    }
  }

  private static List<ReclaimPolicyProvider> providers() {
    return ServiceLoader.load(ReclaimPolicyProvider.class).stream().map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(ReclaimPolicyProvider::name)).toList();
  }
}
