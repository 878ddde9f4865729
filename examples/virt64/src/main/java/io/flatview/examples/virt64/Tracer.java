package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.console.LineWriter;
import io.flatview.memory.Access;
import io.flatview.memory.AccessTap;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TappedAccess;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;

/** Prints every access to a device, with a tap on each device's registers. */
final class Tracer implements AutoCloseable {

  private final LineWriter lines;
  private final Set<MemoryRegion> tapped = new HashSet<>();

  Tracer(PrintWriter out) {
    lines = new LineWriter(out);
  }

  /** Taps all devices that the board has. */
  void attach(Board board) {
    tapped.clear();
    AccessTap tap = this::print;
    follow(board, board.bus().root(), tap);
  }

  private void follow(Board board, MemoryRegion region, AccessTap tap) {
    if (region instanceof MemoryRegion.Mmio && tapped.add(region)) {
      board.memory().tap(region, TapFilter.of(AddressRange.ALL), tap);
    }
    switch (region) {
      case MemoryRegion.Parent parent -> parent.children().forEach(child -> follow(board, child, tap));
      case MemoryRegion.Alias alias -> follow(board, alias.target(), tap);
    }
  }

  private void print(TappedAccess access) {
    lines.accept(String.format(
        "%s %s %s+%x %d %s %x",
        Thread.currentThread().getName(),
        AddressRange.hex(access.address()),
        access.region().name(),
        access.offset(),
        access.size(),
        access.access() == Access.READ ? "->" : "<-",
        access.value()));
  }

  @Override
  public void close() {
    lines.close();
  }
}
