package io.flatview.dispatch.topology;

import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.Objects;

/**
 * One edit of a {@link Transaction}, as data. {@link RegionEdits#apply} evaluates it in its place among the edits, at
 * once or when a device's access has ended. The components are the arguments of the transaction's method of the same
 * name; none may be null.
 */
public sealed interface Edit {

  /** {@link Transaction#addSubregion(MemoryRegion.Parent, long, MemoryRegion, int)}. */
  record AddSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) implements Edit {
    public AddSubregion {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }
  }

  /** {@link Transaction#addDisjoint}. */
  record AddDisjoint(MemoryRegion.Parent parent, long offset, MemoryRegion child) implements Edit {
    public AddDisjoint {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }
  }

  /** {@link Transaction#setVariant}. */
  record SetVariant(MemoryRegion.Bank bank, int number, MemoryRegion variant) implements Edit {
    public SetVariant {
      Objects.requireNonNull(bank, "bank");
      Objects.requireNonNull(variant, "variant");
    }
  }

  /** A selection of a bank's variant, when selections are commits. */
  record Select(BankNode bank, int number) implements Edit {
    public Select {
      Objects.requireNonNull(bank, "bank");
    }
  }

  /** {@link Transaction#delSubregion(MemoryRegion)}. */
  record DelSubregion(MemoryRegion child) implements Edit {
    public DelSubregion {
      Objects.requireNonNull(child, "child");
    }
  }

  /** {@link Transaction#delSubregion(MemoryRegion.Parent, MemoryRegion)}. */
  record DelSubregionOf(MemoryRegion.Parent parent, MemoryRegion child) implements Edit {
    public DelSubregionOf {
      Objects.requireNonNull(parent, "parent");
      Objects.requireNonNull(child, "child");
    }
  }

  /** {@link Transaction#setAddress}. */
  record SetAddress(MemoryRegion region, long offset) implements Edit {
    public SetAddress {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setSize}. */
  record SetSize(MemoryRegion region, Size size) implements Edit {
    public SetSize {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(size, "size");
    }
  }

  /** {@link Transaction#setEnabled}. */
  record SetEnabled(MemoryRegion region, boolean enabled) implements Edit {
    public SetEnabled {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setReadOnly}. */
  record SetReadOnly(MemoryRegion region, boolean readOnly) implements Edit {
    public SetReadOnly {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setNoFetch}. */
  record SetNoFetch(MemoryRegion region, boolean noFetch) implements Edit {
    public SetNoFetch {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setNonVolatile}. */
  record SetNonVolatile(MemoryRegion region, boolean nonVolatile) implements Edit {
    public SetNonVolatile {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setUnmergeable}. */
  record SetUnmergeable(MemoryRegion region, boolean unmergeable) implements Edit {
    public SetUnmergeable {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#setDirtyLogMask}. */
  record SetDirtyLogMask(MemoryRegion.Memory region, int mask) implements Edit {
    public SetDirtyLogMask {
      Objects.requireNonNull(region, "region");
    }
  }

  /** {@link Transaction#startLog}. */
  record StartLog(MemoryRegion.Memory region, DirtyClient client) implements Edit {
    public StartLog {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(client, "client");
    }
  }

  /** {@link Transaction#stopLog}. */
  record StopLog(MemoryRegion.Memory region, DirtyClient client) implements Edit {
    public StopLog {
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(client, "client");
    }
  }

  /** {@link Transaction#setAliasOffset}. */
  record SetAliasOffset(MemoryRegion.Alias alias, long targetOffset) implements Edit {
    public SetAliasOffset {
      Objects.requireNonNull(alias, "alias");
    }
  }

  /** {@link Transaction#setRomdMode}. */
  record SetRomdMode(MemoryRegion.RomDevice device, boolean romdMode) implements Edit {
    public SetRomdMode {
      Objects.requireNonNull(device, "device");
    }
  }

  /** {@link Transaction#addDoorbell}. */
  record AddDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) implements Edit {
    public AddDoorbell {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(doorbell, "doorbell");
    }
  }

  /** {@link Transaction#removeDoorbell}. */
  record RemoveDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) implements Edit {
    public RemoveDoorbell {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(doorbell, "doorbell");
    }
  }

  /** {@link Transaction#addCoalesced}. */
  record AddCoalesced(MemoryRegion.Mmio device, AddressRange offsets) implements Edit {
    public AddCoalesced {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(offsets, "offsets");
    }
  }

  /** {@link Transaction#clearCoalesced}. */
  record ClearCoalesced(MemoryRegion.Mmio device) implements Edit {
    public ClearCoalesced {
      Objects.requireNonNull(device, "device");
    }
  }
}
