package io.flatview.dispatch.window;

import io.flatview.memory.MappedWindow;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The windows of one memory system that have not ended. Thread-safe. */
final class OpenWindows {

  private final Set<MappedWindow> open = ConcurrentHashMap.newKeySet();
  private final boolean checked;

  OpenWindows(boolean checked) {
    this.checked = checked && OpenWindows.class.getModule().isNativeAccessEnabled();
  }

  /** Whether the segment of a window must end with it. */
  boolean isChecked() {
    return checked;
  }

  <W extends Window> W add(W window) {
    open.add(window);
    return window;
  }

  void remove(Window window) {
    open.remove(window);
  }

  List<MappedWindow> all() {
    return List.copyOf(open);
  }
}
