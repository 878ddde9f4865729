package io.flatview.dispatch.failure;

import static java.lang.System.Logger.Level.WARNING;

/**
 * Logs failures that cannot be thrown to a caller. If logging fails, which is ignored, the work goes on. A logger is
 * looked up when there is something to log, since the first look-up loads some 60 classes of the JDK.
 */
public final class Warnings {

  private Warnings() {}

  /**
   * Logs a warning, if that can be done.
   *
   * @param source the class whose name the logger has
   * @param message the message
   * @param failure the cause; may be null
   */
  public static void log(Class<?> source, String message, Throwable failure) {
    log(source, "", message, failure);
  }

  /**
   * Logs {@code subject} and {@code message} as one text, which is concatenated here, since that may fail, too.
   *
   * @param source the class whose name the logger has
   * @param subject the beginning of the text
   * @param message the rest of it
   * @param failure the cause; may be null
   */
  public static void log(Class<?> source, Object subject, String message, Throwable failure) {
    try {
      System.getLogger(source.getName()).log(WARNING, subject + message, failure);
    } catch (Throwable _) {
      // The heap is exhausted, or the log throws: the warning is lost.
    }
  }
}
