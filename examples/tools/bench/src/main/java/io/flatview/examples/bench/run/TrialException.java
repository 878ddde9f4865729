package io.flatview.examples.bench.run;

/** A trial gave no result. */
public final class TrialException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What JMH said. */
  private final String log;

  TrialException(Trial trial, String log, Throwable cause) {
    super(trial + " gave no result", cause);
    this.log = log;
  }

  /**
   * What JMH said about it.
   *
   * @return lines of text
   */
  public String log() {
    return log;
  }
}
