package io.flatview.dispatch.commit;

import static java.lang.System.Logger.Level.WARNING;

/** Logs failures that have no caller. With the heap exhausted that may fail, which must have no effect. */
final class Warnings {

  private Warnings() {}

  static void log(System.Logger log, String message, Throwable failure) {
    log(log, "", message, failure);
  }

  /** The message begins with its subject, and is concatenated here, since that may fail, too. */
  static void log(System.Logger log, Object subject, String message, Throwable failure) {
    try {
      log.log(WARNING, subject + message, failure);
    } catch (Throwable _) {
      // The heap is exhausted; the warning is lost.
    }
  }
}
