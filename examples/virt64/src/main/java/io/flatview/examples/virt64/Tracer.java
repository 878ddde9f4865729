package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.console.LineWriter;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TappedAccess;
import java.io.PrintWriter;

/** Prints every access to a device, whenever it was plugged in. */
final class Tracer implements AutoCloseable {

  private final LineWriter lines;

  Tracer(PrintWriter out) {
    lines = new LineWriter(out);
  }

  /** Taps all addresses where devices are or may come to be. */
  void attach(Board board) {
    Board.devices().forEach(range -> board.memory().tap(board.bus(), TapFilter.of(range), this::print));
  }

  private void print(TappedAccess access) {
    if (!(access.region() instanceof MemoryRegion.Mmio)) {
      return;
    }
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
