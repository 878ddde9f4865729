package io.flatview.dispatch.window;

import io.flatview.memory.Leak;
import io.flatview.memory.MappedWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The windows of one memory system that have not ended. Thread-safe. */
final class OpenWindows {

  private static final Optional<Throwable> UNKNOWN = Optional.empty();

  /** The windows, in checked mode each with the stack of its creation; null before the first. */
  private volatile Map<MappedWindow, Optional<Throwable>> open;

  private final boolean tracing;
  private final boolean checked;

  OpenWindows(boolean checked) {
    this.tracing = checked;
    this.checked = checked && OpenWindows.class.getModule().isNativeAccessEnabled();
  }

  /** Whether the end of a window must close its segment. */
  boolean isChecked() {
    return checked;
  }

  private Map<MappedWindow, Optional<Throwable>> open() {
    Map<MappedWindow, Optional<Throwable>> made = open;
    return made != null ? made : makeOpen();
  }

  private synchronized Map<MappedWindow, Optional<Throwable>> makeOpen() {
    if (open == null) {
      open = new ConcurrentHashMap<>();
    }
    return open;
  }

  <W extends Window> W add(W window) {
    open().put(window, tracing ? Optional.of(new Throwable("opened here")) : UNKNOWN);
    return window;
  }

  void remove(Window window) {
    open().remove(window);
  }

  List<Leak> leaks() {
    List<Leak> leaks = new ArrayList<>();
    for (Map.Entry<MappedWindow, Optional<Throwable>> entry : open().entrySet()) {
      leaks.add(new Leak(entry.getKey().toString(), entry.getValue()));
    }
    return leaks;
  }
}
