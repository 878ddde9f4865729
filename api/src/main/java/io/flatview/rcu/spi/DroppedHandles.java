package io.flatview.rcu.spi;

import io.flatview.stack.Headroom;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Checked mode: finds the readers whose handle was collected, and which therefore cannot be closed. */
final class DroppedHandles {

  private final ReferenceQueue<ReaderHandle> collected = new ReferenceQueue<>();
  private final Set<Tracked> tracked = ConcurrentHashMap.newKeySet();

  ReaderHandle track(SlotReader reader) {
    ReaderHandle handle = new ReaderHandle(reader);
    tracked.add(new Tracked(handle, collected));
    return handle;
  }

  /** The readers whose handles became unreachable since the last call; some may have been closed before. */
  List<SlotReader> poll() {
    if (tracked.isEmpty()) {
      return List.of();
    }
    Headroom.require(); // or a stack overflow might come before the readers are released, and they would be forgotten
    List<SlotReader> dropped = new ArrayList<>();
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      Tracked entry = (Tracked) gone;
      tracked.remove(entry);
      dropped.add(entry.reader);
    }
    return dropped;
  }

  private static final class Tracked extends PhantomReference<ReaderHandle> {

    private final SlotReader reader;

    Tracked(ReaderHandle handle, ReferenceQueue<ReaderHandle> collected) {
      super(handle, collected);
      this.reader = handle.reader;
    }
  }
}
