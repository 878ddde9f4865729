package io.flatview.examples.bench.run;

import java.util.Map;

/**
 * One thing for JMH to measure.
 *
 * @param type the class of the benchmark
 * @param method its method
 * @param threads how many threads run it at once
 * @param parameters the values of its parameters; the others keep their first default
 */
public record Trial(Class<?> type, String method, int threads, Map<String, String> parameters) {

  /** Keeps its own copy of the parameters. */
  public Trial {
    parameters = Map.copyOf(parameters);
  }

  String benchmark() {
    return type.getName() + "." + method;
  }
}
