package io.flatview.dispatch.failure;

import static java.lang.System.Logger.Level.WARNING;

/** Logs failures that cannot be thrown to a caller. If logging fails, which is ignored, the work goes on. */
public final class Warnings {

  private Warnings() {}

  /**
   * Logs a warning, if that can be done.
   *
   * @param log the logger
   * @param message the message
   * @param failure the cause; may be null
   */
  public static void log(System.Logger log, String message, Throwable failure) {
    log(log, "", message, failure);
  }

  /**
   * Logs {@code subject} and {@code message} as one text, which is concatenated here, since that may fail, too.
   *
   * @param log the logger
   * @param subject the beginning of the text
   * @param message the rest of it
   * @param failure the cause; may be null
   */
  public static void log(System.Logger log, Object subject, String message, Throwable failure) {
    try {
      log.log(WARNING, subject + message, failure);
    } catch (Throwable _) {
      // The heap is exhausted, or the log throws: the warning is lost.
    }
  }
}
