package io.flatview.dispatch.topology;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.doorbell.Doorbells;
import io.flatview.dispatch.few.Few;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes doorbells and coalesced ranges of devices, for which nothing is rendered. */
public final class GateChanges {

  private final Topology topology;

  /** The devices that have ever had doorbells, and are not closed. */
  private Set<MmioNode> ringing = Set.of();

  GateChanges(Topology topology) {
    this.topology = topology;
  }

  /** Adds a doorbell. */
  void add(MmioNode node, Doorbell doorbell) {
    refuseBeyond(node, doorbell);
    node.rules.doorbells().colliding(doorbell).ifPresent(present -> {
      throw new MapException(MapFault.Id.DOORBELL, "device " + node + " has a " + present
          + " already and cannot have a " + doorbell + "; remove the first, or match other data");
    });
    Doorbells doorbells = node.rules.doorbells().with(doorbell);
    ringing = Few.with(ringing, node);
    set(node, new DeviceGate.Rules(doorbells, node.rules.coalesced()));
  }

  private static void refuseBeyond(MmioNode node, Doorbell doorbell) {
    long last = doorbell.offset() + Math.max(doorbell.size(), 1) - 1;
    refuseBeyond(node, doorbell.toString(), Long.compareUnsigned(last, doorbell.offset()) < 0 ? -1 : last);
  }

  private static void refuseBeyond(MmioNode node, String what, long last) {
    if (node.size().isEmpty() || Long.compareUnsigned(last, node.size().last()) > 0) {
      throw new MapException(MapFault.Id.OUT_OF_REGION,
          what + " would lie beyond device " + node + " of " + node.size() + " bytes");
    }
  }

  /** Removes a doorbell. */
  void remove(MmioNode node, Doorbell doorbell) {
    Doorbell present = node.rules.doorbells().all().stream().filter(doorbell::equals).findFirst().orElseThrow(() ->
        new MapException(MapFault.Id.DOORBELL, "device " + node + " has no " + doorbell + " to be removed; it has "
            + node.rules.doorbells().all()));
    set(node, new DeviceGate.Rules(node.rules.doorbells().without(present), node.rules.coalesced()));
  }

  /** Coalesces stores that lie in a range. */
  void coalesce(MmioNode node, AddressRange offsets) {
    refuseBeyond(node, "coalesced stores to offsets " + offsets, offsets.last());
    List<AddressRange> coalesced = new ArrayList<>(node.rules.coalesced());
    coalesced.add(offsets);
    set(node, new DeviceGate.Rules(node.rules.doorbells(), List.copyOf(coalesced)));
  }

  /** Removes all coalesced ranges. */
  void clearCoalesced(MmioNode node) {
    set(node, new DeviceGate.Rules(node.rules.doorbells(), List.of()));
  }

  private void set(MmioNode node, DeviceGate.Rules rules) {
    topology.note(new Change.OfGate(node, node.rules));
    node.rules = rules;
  }

  /**
   * The changes before a mark of the undo log.
   *
   * @param mark from {@link Topology#mark()}
   * @return the changes to put in force
   */
  public Taken upTo(int mark) {
    Map<MmioNode, DeviceGate.Rules> rules = Map.of();
    for (int i = 0; i < mark; i++) {
      if (topology.change(i) instanceof Change.OfGate(MmioNode device, DeviceGate.Rules _)) {
        rules = rules.isEmpty() ? new LinkedHashMap<>() : rules;
        rules.put(device, device.rules);
      }
    }
    return rules.isEmpty() ? Taken.NONE : new Taken(rules);
  }

  /** Forgets a device that is closed for good. */
  void forget(MmioNode node) {
    ringing = Few.without(ringing, node);
  }

  /**
   * Open devices with doorbells that have no parent and that no alias or address space shows. Needs the lock.
   *
   * @return a list of its own
   */
  public List<MmioNode> unheld() {
    List<MmioNode> unheld = new ArrayList<>();
    for (MmioNode node : ringing) {
      if (!node.doorbells().isEmpty() && topology.isUnheld(node)) {
        unheld.add(node);
      }
    }
    return unheld;
  }

  /** The changes of one commit. */
  public static final class Taken {

    /** No changes. */
    public static final Taken NONE = new Taken(Map.of());

    private final Map<MmioNode, DeviceGate.Rules> rules;
    private final MmioNode[] devices;

    private Taken(Map<MmioNode, DeviceGate.Rules> rules) {
      this.rules = rules;
      this.devices = rules.keySet().toArray(new MmioNode[0]);
    }

    /**
     * Whether nothing changes.
     *
     * @return true if the commit changes no gate
     */
    public boolean isEmpty() {
      return devices.length == 0;
    }

    /**
     * The rules of a device's gate after the commit.
     *
     * @param node the node of the device
     * @return its new rules, or those that it keeps
     */
    public DeviceGate.Rules rulesOf(MmioNode node) {
      return rules.getOrDefault(node, node.device().gateRules());
    }

    /** Allocates the objects that the gates need for the new rules; changes nothing. */
    public void prepare() {
      for (MmioNode device : devices) {
        device.device().makeGate().prepare(rules.get(device));
      }
    }

    /** Puts the prepared rules in force. Allocates nothing. */
    public void putInForce() {
      for (MmioNode device : devices) {
        device.device().makeGate().set(device.rules);
      }
    }
  }
}
