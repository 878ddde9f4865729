package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Points;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;

/** Opens an address space on a window in the midst of everything, and checks what it shows. */
final class Visitor {

  private final MemorySystem memory;
  private final Windows windows;
  private final Findings findings;

  Visitor(MemorySystem memory, Windows windows, Findings findings) {
    this.memory = memory;
    this.windows = windows;
    this.findings = findings;
  }

  void visit(Layout layout, int window) {
    long[] expected = Layout.paint(layout.windows().get(window));
    long base = windows.container(window).address();
    try (AddressSpace space = memory.addressSpace("visitor", windows.container(window))) {
      for (int cell = 0; cell < expected.length; cell++) {
        check(space, base + cell * Windows.CELL_BYTES, expected[cell]);
      }
    }
  }

  private void check(AddressSpace space, long address, long expected) {
    long word = Points.load(memory.reader(), space, address);
    if (word != expected) {
      findings.add(FindingKind.IMPOSSIBLE, () -> new Finding(FindingKind.IMPOSSIBLE, "a new address space",
          AddressRange.hex(address) + ": expected " + Stamp.describe(expected) + ", saw " + Stamp.describe(word)));
    }
  }
}
