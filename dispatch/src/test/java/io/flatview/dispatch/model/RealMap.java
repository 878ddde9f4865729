package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.SPACE;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The memory system under test, spoken to in the numbers of the model and through the public API only. */
final class RealMap {

  final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  final DispatchMemory memory;
  private final Map<Integer, MemoryRegion> regions = new HashMap<>();
  private final Map<MemoryRegion, Integer> numbers = new IdentityHashMap<>();
  private final Map<Integer, AddressSpace> spaces = new TreeMap<>();

  RealMap(int pageSize) {
    memory = DispatchMemory.create(policy, DispatchOptions.defaults().withPageSize(pageSize));
    for (int bit = 0; bit < 3; bit++) {
      memory.dirtyClient("client " + bit);
    }
  }

  MemoryRegion region(int id) {
    return regions.get(id);
  }

  /** The space that was opened last under a number, closed or not. */
  AddressSpace space(int id) {
    return spaces.get(id);
  }

  void make(Op.Make made) {
    MemoryRegion region = regionFor(made, "r" + made.id(), sizeOf(made.size()));
    regions.put(made.id(), region);
    numbers.put(region, made.id());
  }

  private static Size sizeOf(BigInteger bytes) {
    return bytes.equals(SPACE) ? Size.FULL : Size.bytes(bytes.longValue());
  }

  private MemoryRegion regionFor(Op.Make made, String name, Size size) {
    return switch (made.kind()) {
      case CONTAINER -> memory.container(name, size);
      case RAM -> memory.ram(name, size);
      case ROM -> memory.rom(name, size);
      case ROM_DEVICE -> memory.romDevice(name, size, new ByteDevice(made.id()));
      case MMIO -> memory.mmio(name, size, new ByteDevice(made.id()));
      case RESERVED -> memory.reserved(name, size);
      case ALIAS -> memory.alias(name, region(made.target()), made.targetOffset().longValue(), size);
    };
  }

  void change(Transaction tx, Op.Change change) {
    switch (change) {
      case Op.Add(int parent, var offset, int child, int priority) ->
          tx.addSubregion((MemoryRegion.Parent) region(parent), offset.longValue(), region(child), priority);
      case Op.Del(int child) -> tx.delSubregion(region(child));
      case Op.Move(int region, var offset) -> tx.setAddress(region(region), offset.longValue());
      case Op.Resize(int region, var size) -> tx.setSize(region(region), sizeOf(size));
      case Op.SetFlag(int region, Op.Flag flag, int value) -> set(tx, region(region), flag, value);
      case Op.Slide(int alias, var offset) -> tx.setAliasOffset((MemoryRegion.Alias) region(alias), offset.longValue());
    }
  }

  private static void set(Transaction tx, MemoryRegion region, Op.Flag flag, int value) {
    switch (flag) {
      case ENABLED -> tx.setEnabled(region, value != 0);
      case READ_ONLY -> tx.setReadOnly(region, value != 0);
      case NON_VOLATILE -> tx.setNonVolatile(region, value != 0);
      case UNMERGEABLE -> tx.setUnmergeable(region, value != 0);
      case NO_FETCH -> tx.setNoFetch(region, value != 0);
      case DIRTY_LOG_MASK -> tx.setDirtyLogMask((MemoryRegion.Memory) region, value);
      case ROMD_MODE -> tx.setRomdMode((MemoryRegion.RomDevice) region, value != 0);
    }
  }

  void direct(Op.Direct op) {
    switch (op) {
      case Op.Close(int region) -> region(region).close();
      case Op.OpenSpace(int space, int root) -> spaces.put(space, memory.addressSpace("s" + space, region(root)));
      case Op.CloseSpace(int space) -> space(space).close();
    }
  }

  List<ModelSection> sections(FlatView view) {
    return view.sections().stream().map(this::section).toList();
  }

  ModelSection section(MemoryRegionSection section) {
    return new ModelSection(section.range().first(), section.range().last(), number(section.region()),
        section.offsetInRegion(), attributes(section.attributes()));
  }

  private static Attributes attributes(SectionAttributes real) {
    return new Attributes(real.readOnly(), real.nonVolatile(), real.romdMode(), real.unmergeable(), real.noFetch(),
        real.dirtyLogMask());
  }

  int number(MemoryRegion region) {
    return numbers.getOrDefault(region, ModelRegion.NONE);
  }
}
