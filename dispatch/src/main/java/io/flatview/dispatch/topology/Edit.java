package io.flatview.dispatch.topology;

import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.Objects;

/**
 * One edit of a {@link Transaction}, as data. It is made in its place among the edits, at once or when a device's
 * access has ended. The components are the arguments of the transaction's method of the same name; none may be null.
 */
public sealed interface Edit {

  /*
   * Each edit says by itself how it is made: a switch over all of them would load all their classes at the first edit.
   */

  /**
   * Makes the edit in the present tree.
   *
   * @param edits makes it
   * @throws MapException if it breaks a rule; nothing has changed then
   */
  void applyTo(RegionEdits edits);

  /** {@link Transaction#addSubregion(MemoryRegion.Parent, long, MemoryRegion, int)}. */
  record AddSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) implements Edit {
    public AddSubregion {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.add(edits.container(parent), offset, edits.open(child), priority);
    }
  }

  /** {@link Transaction#addDisjoint}. */
  record AddDisjoint(MemoryRegion.Parent parent, long offset, MemoryRegion child) implements Edit {
    public AddDisjoint {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.addDisjoint(edits.container(parent), offset, edits.open(child));
    }
  }

  /** {@link Transaction#setVariant}. */
  record SetVariant(MemoryRegion.Bank bank, int number, MemoryRegion variant) implements Edit {
    public SetVariant {
      Objects.requireNonNull(bank, "bank");
      Objects.requireNonNull(variant, "variant");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setVariant((BankNode) edits.open(bank), number, edits.open(variant));
    }
  }

  /** A selection of a bank's variant, when selections are commits. */
  record Select(BankNode bank, int number) implements Edit {
    public Select {
      Objects.requireNonNull(bank, "bank");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.select(bank, number);
    }
  }

  /** {@link Transaction#delSubregion(MemoryRegion)}. */
  record DelSubregion(MemoryRegion child) implements Edit {
    public DelSubregion {
      Objects.requireNonNull(child, "child");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.takeOut(edits.placed(child));
    }
  }

  /** {@link Transaction#delSubregion(MemoryRegion.Parent, MemoryRegion)}. */
  record DelSubregionOf(MemoryRegion.Parent parent, MemoryRegion child) implements Edit {
    public DelSubregionOf {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.takeOut(edits.placedIn(parent, child));
    }
  }

  /** {@link Transaction#setAddress}. */
  record SetAddress(MemoryRegion region, long offset) implements Edit {
    public SetAddress {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setAddress(edits.open(region), offset);
    }
  }

  /** {@link Transaction#setSize}. */
  record SetSize(MemoryRegion region, Size size) implements Edit {
    public SetSize {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(size, "size");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setSize(edits.open(region), size);
    }
  }

  /** {@link Transaction#setEnabled}. */
  record SetEnabled(MemoryRegion region, boolean enabled) implements Edit {
    public SetEnabled {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setEnabled(edits.open(region), enabled);
    }
  }

  /** {@link Transaction#setReadOnly}. */
  record SetReadOnly(MemoryRegion region, boolean readOnly) implements Edit {
    public SetReadOnly {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setReadOnly(edits.open(region), readOnly);
    }
  }

  /** {@link Transaction#setNoFetch}. */
  record SetNoFetch(MemoryRegion region, boolean noFetch) implements Edit {
    public SetNoFetch {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setNoFetch(edits.open(region), noFetch);
    }
  }

  /** {@link Transaction#setNonVolatile}. */
  record SetNonVolatile(MemoryRegion region, boolean nonVolatile) implements Edit {
    public SetNonVolatile {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setNonVolatile(edits.open(region), nonVolatile);
    }
  }

  /** {@link Transaction#setUnmergeable}. */
  record SetUnmergeable(MemoryRegion region, boolean unmergeable) implements Edit {
    public SetUnmergeable {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setUnmergeable(edits.open(region), unmergeable);
    }
  }

  /** {@link Transaction#setDirtyLogMask}. */
  record SetDirtyLogMask(MemoryRegion.Memory region, int mask) implements Edit {
    public SetDirtyLogMask {
      Objects.requireNonNull(region, "region");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setDirtyLogMask((MemoryNode) edits.open(region), mask);
    }
  }

  /** {@link Transaction#startLog}. */
  record StartLog(MemoryRegion.Memory region, DirtyClient client) implements Edit {
    public StartLog {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(client, "client");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.startLog((MemoryNode) edits.open(region), client);
    }
  }

  /** {@link Transaction#stopLog}. */
  record StopLog(MemoryRegion.Memory region, DirtyClient client) implements Edit {
    public StopLog {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(client, "client");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.stopLog((MemoryNode) edits.open(region), client);
    }
  }

  /** {@link Transaction#setAliasOffset}. */
  record SetAliasOffset(MemoryRegion.Alias alias, long targetOffset) implements Edit {
    public SetAliasOffset {
      Objects.requireNonNull(alias, "alias");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setAliasOffset((RegionNode.AliasNode) edits.open(alias), targetOffset);
    }
  }

  /** {@link Transaction#setRomdMode}. */
  record SetRomdMode(MemoryRegion.RomDevice device, boolean romdMode) implements Edit {
    public SetRomdMode {
      Objects.requireNonNull(device, "device");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.setRomdMode((MemoryNode.RomDeviceNode) edits.open(device), romdMode);
    }
  }

  /** {@link Transaction#addDoorbell}. */
  record AddDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) implements Edit {
    public AddDoorbell {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(doorbell, "doorbell");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.gates().add(edits.device(device), doorbell);
    }
  }

  /** {@link Transaction#removeDoorbell}. */
  record RemoveDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) implements Edit {
    public RemoveDoorbell {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(doorbell, "doorbell");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.gates().remove(edits.device(device), doorbell);
    }
  }

  /** {@link Transaction#addCoalesced}. */
  record AddCoalesced(MemoryRegion.Mmio device, AddressRange offsets) implements Edit {
    public AddCoalesced {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(offsets, "offsets");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.gates().coalesce(edits.device(device), offsets);
    }
  }

  /** {@link Transaction#clearCoalesced}. */
  record ClearCoalesced(MemoryRegion.Mmio device) implements Edit {
    public ClearCoalesced {
      Objects.requireNonNull(device, "device");
    }

    @Override
    public void applyTo(RegionEdits edits) {
      edits.gates().clearCoalesced(edits.device(device));
    }
  }
}
