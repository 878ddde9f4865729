package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LimitedWarningTest {

  private final Lines lines = new Lines();

  @Test
  void fiveThousandOfAKindAreOneLineAndACount() {
    LimitedWarning warning = warning(TimeUnit.DAYS.toNanos(1));
    for (int i = 0; i < 5_000; i++) {
      warning.log(() -> "left behind", null);
    }
    assertEquals(List.of("left behind"), lines.written);
  }

  @Test
  void theNextLineCountsThoseThatWereLeftOut() {
    LimitedWarning warning = warning(1_000);
    long start = System.nanoTime();
    warning.log(() -> "first", null, 3, start);
    warning.log(() -> "left out", null, 4, start + 999);
    warning.log(() -> "second", null, 1, start + 1_000);
    assertEquals(List.of("first\n2 more like it are not logged", "second\n4 more like it are not logged"),
        lines.written);
  }

  @Test
  void aWarningThatCannotBeWrittenThrowsNothing() {
    LimitedWarning warning = warning(0);
    warning.log(() -> {
      throw new OutOfMemoryError("planted");
    }, null);
    SafeLog.warn(null, "no log at all", null);
    assertEquals(List.of(), lines.written);
  }

  private LimitedWarning warning(long interval) {
    return new LimitedWarning("lines", interval) {
      @Override
      System.Logger log() {
        return lines;
      }
    };
  }

  private static final class Lines implements System.Logger {

    private final List<String> written = new ArrayList<>();

    @Override
    public String getName() {
      return "lines";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      written.add(message);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... params) {
      written.add(format);
    }
  }
}
