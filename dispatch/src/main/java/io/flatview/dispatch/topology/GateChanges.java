package io.flatview.dispatch.topology;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.doorbell.Doorbells;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes to doorbells and coalesced ranges. They render nothing, and so touch no region. */
public final class GateChanges {

  private final Topology topology;
  private final Set<MmioNode> changed = new LinkedHashSet<>();

  /** The devices that have doorbells. */
  private final Set<MmioNode> ringing = new LinkedHashSet<>();

  GateChanges(Topology topology) {
    this.topology = topology;
  }

  /**
   * Adds a doorbell.
   *
   * @param device to which
   * @param doorbell which
   */
  public void add(MemoryRegion.Mmio device, Doorbell doorbell) {
    MmioNode node = (MmioNode) topology.open(device);
    node.rules.doorbells().colliding(doorbell).ifPresent(present -> {
      throw new MapException(MapFault.Id.DOORBELL, "device " + node + " has a " + present
          + " already and cannot have a " + doorbell + "; remove the first, or match other data");
    });
    Doorbells doorbells = node.rules.doorbells().with(doorbell);
    set(node, new DeviceGate.Rules(doorbells, node.rules.coalesced()));
  }

  /**
   * Removes a doorbell.
   *
   * @param device from which
   * @param doorbell which
   */
  public void remove(MemoryRegion.Mmio device, Doorbell doorbell) {
    MmioNode node = (MmioNode) topology.open(device);
    Doorbell present = node.rules.doorbells().all().stream().filter(doorbell::equals).findFirst().orElseThrow(() ->
        new MapException(MapFault.Id.DOORBELL, "device " + node + " has no " + doorbell + " to be removed; it has "
            + node.rules.doorbells().all()));
    set(node, new DeviceGate.Rules(node.rules.doorbells().without(present), node.rules.coalesced()));
  }

  /**
   * Has stores to a range wait.
   *
   * @param device of which
   * @param offsets the range
   */
  public void coalesce(MemoryRegion.Mmio device, AddressRange offsets) {
    MmioNode node = (MmioNode) topology.open(device);
    if (node.size().isEmpty() || Long.compareUnsigned(offsets.last(), node.size().last()) > 0) {
      throw new MapException(MapFault.Id.OUT_OF_REGION,
          "offsets " + offsets + " do not lie in device " + node + " of " + node.size() + " bytes");
    }
    List<AddressRange> coalesced = new ArrayList<>(node.rules.coalesced());
    coalesced.add(offsets);
    set(node, new DeviceGate.Rules(node.rules.doorbells(), List.copyOf(coalesced)));
  }

  /**
   * Has no store wait any more.
   *
   * @param device of which
   */
  public void clearCoalesced(MemoryRegion.Mmio device) {
    MmioNode node = (MmioNode) topology.open(device);
    set(node, new DeviceGate.Rules(node.rules.doorbells(), List.of()));
  }

  private void set(MmioNode node, DeviceGate.Rules rules) {
    DeviceGate.Rules before = node.rules;
    node.rules = rules;
    changed.add(node);
    topology.onUndo(() -> node.rules = before);
  }

  /**
   * Takes the changes of the transaction that is being committed.
   *
   * @return what to put in force
   */
  public Taken take() {
    Map<MmioNode, DeviceGate.Rules> rules = new LinkedHashMap<>();
    changed.forEach(node -> rules.put(node, node.rules));
    changed.clear();
    return new Taken(rules, ringing);
  }

  /** A device is closed for good. */
  void forget(MmioNode node) {
    ringing.remove(node);
  }

  /**
   * Devices that nothing holds, and that have doorbells. Needs the lock.
   *
   * @return those that are open
   */
  public List<MmioNode> unheld() {
    return ringing.stream().filter(topology::isUnheld).toList();
  }

  /** The changes of one commit. */
  public static final class Taken {

    /** No changes. */
    public static final Taken NONE = new Taken(Map.of(), Set.of());

    private final Map<MmioNode, DeviceGate.Rules> rules;
    private final Set<MmioNode> ringing;

    private Taken(Map<MmioNode, DeviceGate.Rules> rules, Set<MmioNode> ringing) {
      this.rules = rules;
      this.ringing = ringing;
    }

    /**
     * Whether nothing changes.
     *
     * @return true if so
     */
    public boolean isEmpty() {
      return rules.isEmpty();
    }

    /**
     * What a device's gate takes after the commit.
     *
     * @param node the device
     * @return its new rules, or those that it keeps
     */
    public DeviceGate.Rules rulesOf(MmioNode node) {
      return rules.getOrDefault(node, node.gate().rules());
    }

    /** Has the gates follow the new rules. */
    public void putInForce() {
      rules.forEach(this::putInForce);
    }

    private void putInForce(MmioNode node, DeviceGate.Rules next) {
      node.gate().set(next);
      if (next.doorbells().all().isEmpty()) {
        ringing.remove(node);
      } else {
        ringing.add(node);
      }
    }
  }
}
