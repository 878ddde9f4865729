package io.flatview.dispatch.commit;

import static java.lang.System.Logger.Level.WARNING;

/** Logs failures that cannot be thrown to a caller. If the heap is exhausted, logging may fail, which is ignored. */
final class Warnings {

  private Warnings() {}

  static void log(System.Logger log, String message, Throwable failure) {
    log(log, "", message, failure);
  }

  /** Logs {@code subject} and {@code message} as one text, which is concatenated here, since that may fail, too. */
  static void log(System.Logger log, Object subject, String message, Throwable failure) {
    try {
      log.log(WARNING, subject + message, failure);
    } catch (Throwable _) {
      // The heap is exhausted; the warning is lost.
    }
  }
}
