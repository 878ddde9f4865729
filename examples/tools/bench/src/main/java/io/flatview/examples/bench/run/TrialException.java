package io.flatview.examples.bench.run;

/** A trial gave no result. */
public final class TrialException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The message of JMH. */
  private final String log;

  TrialException(Trial trial, String log, Throwable cause) {
    super(trial + " gave no result", cause);
    this.log = log;
  }

  /**
   * The message of JMH about it.
   *
   * @return lines of text
   */
  public String log() {
    return log;
  }
}
