package io.flatview.dispatch.bank;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;

/** A machine made after a plan. The two kinds differ in what a bank is. */
abstract class Machine {

  static final MmioHandler QUIET = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return offset;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  final MemorySystem memory;
  final List<MemoryRegion> regions = new ArrayList<>();
  final MemoryRegion.Container root;
  final AddressSpace space;
  final AddressSpace mirror;
  final MapReader reader;

  Machine(MemorySystem memory, Plan plan) {
    this.memory = memory;
    plan.regions().forEach(planned -> regions.add(make(planned, "r" + regions.size())));
    root = memory.container("root", Size.kib(64));
    space = memory.addressSpace("space", root);
    mirror = memory.addressSpace("mirror", memory.alias("half", root, 0x1234, Size.kib(32)));
    reader = memory.newReader("reader");
  }

  private MemoryRegion make(Plan.Planned planned, String name) {
    return switch (planned.kind()) {
      case RAM -> memory.ram(name, planned.size());
      case ROM -> memory.rom(name, planned.size());
      case DEVICE -> memory.mmio(name, planned.size(), QUIET);
      case RESERVED -> memory.reserved(name, planned.size());
      case ALIAS -> memory.alias(name, regions.get(planned.other()), planned.targetOffset(), planned.size());
      case CONTAINER -> memory.container(name, planned.size());
      case BANK -> bank(name, planned.size(), planned.other());
    };
  }

  abstract MemoryRegion bank(String name, Size size, int variants);

  abstract void setVariant(int bank, int number, int variant);

  abstract void select(int bank, int number);

  final void place(int parent, long offset, int child, int priority) {
    MemoryRegion.Parent in = parent == regions.size() ? root : (MemoryRegion.Parent) regions.get(parent);
    memory.update(tx -> tx.addSubregion(in, offset, regions.get(child), priority));
  }

  void takeOut(int child) {
    memory.update(tx -> tx.delSubregion(regions.get(child)));
  }

  final void setEnabled(int region, boolean enabled) {
    memory.update(tx -> tx.setEnabled(regions.get(region), enabled));
  }

  final void close() {
    reader.close();
    memory.addressSpaces().forEach(AddressSpace::close);
    memory.update(_ -> regions.forEach(region -> region.parent().ifPresent(_ -> takeOut(regions.indexOf(region)))));
    memory.update(_ -> regions.reversed().forEach(MemoryRegion::close));
    memory.close();
  }
}
