package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A private address space in which the writer marks memory before a window shows it, and poisons it when no reader can
 * see it any more. Used by the writer's thread.
 */
final class Staging {

  private static final int PLACES = 1024;
  private static final long STRIDE = Stamp.MAX_CELLS * Windows.CELL_BYTES;

  private final MemorySystem memory;
  private final Consumer<CommitTicket> tickets;
  private final MemoryRegion.Container bench;
  private final AddressSpace space;
  private final Deque<Long> free = new ArrayDeque<>();

  Staging(MemorySystem memory, Consumer<CommitTicket> tickets) {
    this.memory = memory;
    this.tickets = tickets;
    bench = memory.container("staging", Size.bytes(PLACES * STRIDE));
    space = memory.addressSpace("staging", bench);
    for (long place = 0; place < PLACES; place++) {
      free.add(place * STRIDE);
    }
  }

  /** Makes memory and commits it to the bench; as many blocks as there is room for. */
  List<RamBlock> allocate(int... cells) {
    List<RamBlock> blocks = new ArrayList<>();
    for (int i = 0; i < Math.min(cells.length, free.size()); i++) {
      MemoryRegion.Ram region = memory.ram("ram", Size.bytes(cells[i] * Windows.CELL_BYTES));
      blocks.add(new RamBlock(region, cells[i], free.remove()));
    }
    tickets.accept(memory.update(changes -> blocks.forEach(block -> putBack(changes, block))));
    return blocks;
  }

  void putBack(Transaction changes, RamBlock block) {
    changes.addSubregion(bench, block.stagedAt(), block.region());
  }

  /** Marks each cell as belonging to a region. */
  void stamp(RamBlock block, long serial) {
    for (int cell = 0; cell < block.cells(); cell++) {
      write(block, cell, Stamp.of(serial, cell));
    }
  }

  /** Marks each cell as reclaimed. */
  void poison(RamBlock block) {
    for (int cell = 0; cell < block.cells(); cell++) {
      write(block, cell, Stamp.POISON);
    }
  }

  private void write(RamBlock block, int cell, long word) {
    long address = block.stagedAt() + cell * Windows.CELL_BYTES;
    MemTxResult result = memory.reader().store(space, address, Long.BYTES, word);
    if (!result.isOk()) {
      throw new IllegalStateException("memory in the staging space refuses a store: " + result);
    }
  }

  /** Gives memory back to the system. */
  void release(List<RamBlock> blocks) {
    tickets.accept(memory.update(changes -> blocks.forEach(block -> changes.delSubregion(block.region()))));
    for (RamBlock block : blocks) {
      block.region().close();
      free.add(block.stagedAt());
    }
  }

  void close() {
    space.close();
    bench.close();
  }
}
