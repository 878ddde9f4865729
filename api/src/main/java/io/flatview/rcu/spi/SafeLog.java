package io.flatview.rcu.spi;

import static java.lang.System.Logger.Level.WARNING;

import java.util.function.Supplier;

/** Logs warnings of threads that must go on, even if there is no memory to log with. */
final class SafeLog {

  private SafeLog() {}

  /** Logs a warning of a class, if that can be done. */
  static void warn(Class<?> source, Supplier<String> message) {
    warn(source, message, null);
  }

  /** Logs a warning of a class, if that can be done; the message may throw. The cause may be null. */
  static void warn(Class<?> source, Supplier<String> message, Throwable cause) {
    try {
      System.getLogger(source.getName()).log(WARNING, message, cause);
    } catch (Throwable e) {
      // as below
    }
  }

  /** Logs a warning of a class, if that can be done. The cause may be null. */
  static void warn(Class<?> source, String message, Throwable cause) {
    try {
      System.getLogger(source.getName()).log(WARNING, message, cause);
    } catch (Throwable e) {
      // the caller's work matters more than its report
    }
  }
}
