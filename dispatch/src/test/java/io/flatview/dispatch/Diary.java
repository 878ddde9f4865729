package io.flatview.dispatch;

import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.function.Consumer;

/**
 * A listener that writes down its calls, as {@code name del 1000-1fff uart @0}, in a diary that several may share; the
 * test's action at an entry runs before that is written down.
 */
final class Diary implements MemoryListener {

  private final String name;
  private final int priority;
  private final List<String> entries;
  private Consumer<String> before = _ -> {};
  MapChange lastChange;

  Diary(String name, int priority, List<String> entries) {
    this.name = name;
    this.priority = priority;
    this.entries = entries;
  }

  /** Runs before each entry is written; may throw. */
  Diary before(Consumer<String> action) {
    before = action;
    return this;
  }

  /** Runs before every entry that starts so. */
  Diary at(String entry, Runnable action) {
    return before(next -> {
      if (next.startsWith(name + " " + entry)) {
        action.run();
      }
    });
  }

  /** Runs before the first entry from now on that starts so. */
  Diary onceAt(String entry, Runnable action) {
    return at(entry, () -> {
      before(_ -> {});
      action.run();
    });
  }

  private void write(String what) {
    String entry = name + " " + what;
    before.accept(entry);
    entries.add(entry);
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public void plan(MapChange change) {
    write("plan");
  }

  @Override
  public void begin(MapChange change) {
    lastChange = change;
    write("begin");
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    write("del " + Picture.of(section));
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    write("add " + Picture.of(section));
  }

  @Override
  public boolean wantsNops() {
    return true;
  }

  @Override
  public void regionNop(MemoryRegionSection section) {
    write("nop " + Picture.of(section));
  }

  @Override
  public void logStart(MemoryRegionSection section, int before, int after) {
    write("logStart " + Picture.of(section) + " " + before + "->" + after);
  }

  @Override
  public void logStop(MemoryRegionSection section, int before, int after) {
    write("logStop " + Picture.of(section) + " " + before + "->" + after);
  }

  @Override
  public void commit(MapChange change) {
    write("commit");
  }

  @Override
  public void abort(MapChange change) {
    write("abort");
  }

  @Override
  public String toString() {
    return name;
  }
}
