package io.flatview.dispatch.bank;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.HashMap;
import java.util.Map;

/** The oracle: a bank is a container, and to select a variant is to place it there and to commit. */
final class RenderedMachine extends Machine {

  /** How an oracle may be wrong, which a comparison must find. */
  enum Defect {
    /** Not at all. */
    NONE,
    /** A selection takes effect with the next one of the same bank. */
    LATE,
    /** A bank that selects nothing goes on to show what it did. */
    KEEPS,
    /** A variant is numbered from 1. */
    OFF_BY_ONE
  }

  /** Where a variant is. */
  private record Place(int bank, int number) {}

  private final Defect defect;
  private final Map<Integer, Place> places = new HashMap<>();
  private final Map<Integer, Integer> selected = new HashMap<>();
  private final Map<Integer, Integer> asked = new HashMap<>();

  RenderedMachine(MemorySystem memory, Plan plan, Defect defect) {
    super(memory, plan);
    this.defect = defect;
  }

  @Override
  MemoryRegion bank(String name, Size size, int variants) {
    return memory.container(name, size);
  }

  @Override
  void setVariant(int bank, int number, int variant) {
    places.put(variant, new Place(bank, number));
    memory.update(tx -> {
      tx.setAddress(regions.get(variant), 0);
      place(tx, variant);
    });
  }

  @Override
  void select(int bank, int number) {
    Integer before = asked.put(bank, number);
    switch (defect) {
      case NONE -> selected.put(bank, number);
      case LATE -> selected.put(bank, before == null ? MemoryRegion.Bank.NONE : before);
      case KEEPS -> selected.merge(bank, number, (old, now) -> now == MemoryRegion.Bank.NONE ? old : now);
      case OFF_BY_ONE -> selected.put(bank, number - 1);
    }
    memory.update(tx -> places.forEach((variant, place) -> {
      if (place.bank() == bank) {
        place(tx, variant);
      }
    }));
  }

  private boolean isSelected(Place place) {
    return selected.getOrDefault(place.bank(), MemoryRegion.Bank.NONE) == place.number();
  }

  /** A variant is in the container that stands for its bank, or nowhere. */
  private void place(Transaction tx, int variant) {
    MemoryRegion region = regions.get(variant);
    Place place = places.get(variant);
    boolean isIn = region.parent().isPresent();
    if (isIn && !isSelected(place)) {
      tx.delSubregion(region);
    } else if (!isIn && isSelected(place)) {
      tx.addSubregion((MemoryRegion.Container) regions.get(place.bank()), region.address(), region);
    }
  }

  @Override
  void takeOut(int region) {
    places.remove(region);
    if (regions.get(region).parent().isPresent()) {
      super.takeOut(region);
    }
  }
}
