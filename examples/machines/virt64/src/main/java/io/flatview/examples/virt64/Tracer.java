package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TappedAccess;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Prints accesses: all to devices, whenever these were plugged in; or all in a range, to memory as well.
 *
 * @param range where, or {@link AddressRange#ALL} for all devices
 * @param lines takes what is printed
 */
record Tracer(AddressRange range, Consumer<String> lines) {

  /** Taps all addresses that are wanted. */
  void attach(Board board) {
    List<AddressRange> ranges = isWhole() ? Board.devices() : List.of(range);
    ranges.forEach(part -> board.memory().tap(board.bus(), TapFilter.of(part), this::print));
  }

  private boolean isWhole() {
    return range.equals(AddressRange.ALL);
  }

  private void print(TappedAccess access) {
    if (isWhole() && !(access.region() instanceof MemoryRegion.Mmio)) {
      return;
    }
    lines.accept(String.format(Locale.ROOT,
        "%s %s %s+%x %d %s %x",
        Thread.currentThread().getName(),
        AddressRange.hex(access.address()),
        access.region().name(),
        access.offset(),
        access.size(),
        access.access() == Access.READ ? "->" : "<-",
        access.value()));
  }
}
