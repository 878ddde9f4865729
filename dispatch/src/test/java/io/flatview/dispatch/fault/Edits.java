package io.flatview.dispatch.fault;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Makes edits at random that succeed one after the other. */
final class Edits {

  private final World world;
  private final Random random;

  Edits(World world) {
    this.world = world;
    this.random = world.random;
  }

  /** Some edits that succeed in a transaction, where they are made. */
  Consumer<Transaction> some(Transaction tx, int count) {
    List<Consumer<Transaction>> made = new ArrayList<>();
    while (made.size() < count) {
      Consumer<Transaction> edit = any();
      try {
        edit.accept(tx);
        made.add(edit);
      } catch (MapException e) {
        // Another one.
      }
    }
    return all -> made.forEach(edit -> edit.accept(all));
  }

  private Consumer<Transaction> any() {
    MemoryRegion region = world.regions.get(1 + random.nextInt(world.regions.size() - 1));
    MemoryRegion.Parent parent = world.any(world.parents.subList(0, 3));
    long address = world.address();
    boolean on = random.nextBoolean();
    return switch (random.nextInt(14)) {
      case 0 -> tx -> tx.setEnabled(region, !region.isEnabled());
      case 1 -> tx -> tx.delSubregion(region);
      case 2 -> tx -> tx.delSubregion(region.parent().orElse(parent), region);
      case 3, 4, 5 -> placed(parent, address, region);
      case 6, 7 -> tx -> tx.setAddress(region, address);
      case 8 -> resized(region);
      case 9 -> tx -> tx.setReadOnly(region, on);
      case 10 -> tx -> tx.setUnmergeable(region, on).setNonVolatile(region, !on).setNoFetch(region, on);
      default -> ofKind(region, on, address);
    };
  }

  private Consumer<Transaction> placed(MemoryRegion.Parent parent, long address, MemoryRegion region) {
    int priority = random.nextInt(-1, 3);
    return region.parent().isPresent()
        ? tx -> tx.delSubregion(region).addSubregion(parent, address, region, priority)
        : tx -> tx.addSubregion(parent, address, region, priority);
  }

  private Consumer<Transaction> resized(MemoryRegion region) {
    Size size = random.nextInt(12) == 0 ? Size.EMPTY : Size.bytes(0x1000L * (1 + random.nextInt(4)));
    return tx -> tx.setSize(region, size);
  }

  private Consumer<Transaction> ofKind(MemoryRegion region, boolean on, long address) {
    return switch (region) {
      case MemoryRegion.Alias alias -> tx -> tx.setAliasOffset(alias, address);
      case MemoryRegion.RomDevice device when random.nextBoolean() -> tx -> tx.setRomdMode(device, on);
      case MemoryRegion.Memory memory -> logged(memory, on);
      case MemoryRegion.Mmio device -> ruled(device, address & 0x700, on);
      default -> tx -> tx.setEnabled(region, on);
    };
  }

  private Consumer<Transaction> logged(MemoryRegion.Memory memory, boolean on) {
    int client = random.nextInt(world.clients.size());
    int mask = random.nextInt(1 << world.clients.size());
    return random.nextInt(3) == 0 ? tx -> tx.setDirtyLogMask(memory, mask)
        : on ? tx -> tx.startLog(memory, world.clients.get(client))
        : tx -> tx.stopLog(memory, world.clients.get(client));
  }

  private Consumer<Transaction> ruled(MemoryRegion.Mmio device, long offset, boolean on) {
    if (!device.doorbells().isEmpty() && random.nextBoolean()) {
      Doorbell present = device.doorbells().getFirst();
      return tx -> tx.removeDoorbell(device, present);
    }
    Doorbell bell = Doorbell.at(offset, 4, Edits::rung);
    return switch (random.nextInt(4)) {
      case 0 -> tx -> tx.addCoalesced(device, new AddressRange(offset, offset + 0xf));
      case 1 -> tx -> tx.clearCoalesced(device);
      default -> tx -> tx.addDoorbell(device, bell);
    };
  }

  private static void rung() {}
}
