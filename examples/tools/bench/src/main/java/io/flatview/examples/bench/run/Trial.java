package io.flatview.examples.bench.run;

import java.util.List;
import java.util.Map;

/**
 * One thing for JMH to measure.
 *
 * @param type the class of the benchmark
 * @param method the method of the benchmark
 * @param threads how many threads run it at once
 * @param parameters the values of its parameters; the others keep their first default
 * @param flags the flags of its JVM besides those of all
 */
public record Trial(
    Class<?> type, String method, int threads, Map<String, String> parameters, List<String> flags) {

  /** Keeps its own copies. */
  public Trial {
    parameters = Map.copyOf(parameters);
    flags = List.copyOf(flags);
  }

  /**
   * A trial in a JVM as all get it.
   *
   * @param type the class of the benchmark
   * @param method the method of the benchmark
   * @param threads how many threads run it at once
   * @param parameters the values of its parameters; the others keep their first default
   */
  public Trial(Class<?> type, String method, int threads, Map<String, String> parameters) {
    this(type, method, threads, parameters, List.of());
  }

  String benchmark() {
    return type.getName() + "." + method;
  }
}
