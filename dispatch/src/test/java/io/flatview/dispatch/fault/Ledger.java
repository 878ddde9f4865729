package io.flatview.dispatch.fault;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A listener that keeps what shows from its calls alone, and complains of calls that do not balance. A call may fail
 * first of all, as {@link Faults} says, and changes nothing then. Allocates nothing while it is called, so that it can
 * be taken back with the heap exhausted.
 */
final class Ledger implements MemoryListener {

  private static final int ROOM = 1024;

  private final AddressRange range;
  private final int priority;
  private final MemoryRegionSection[] shown = new MemoryRegionSection[ROOM];
  private final int[] masks = new int[ROOM];
  private int sections;
  private final Object[] devices = new Object[ROOM];
  private final long[] addresses = new long[ROOM];
  private final Object[] rules = new Object[ROOM];
  private int entries;
  private boolean begun;

  /** It threw at commit: in a replay everything is taken back then, and in a commit nothing. */
  private boolean failedAtCommit;
  private String complaint;

  Ledger(AddressRange range, int priority) {
    this.range = range;
    this.priority = priority;
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public boolean wantsNops() {
    return true;
  }

  @Override
  public boolean wantsDoorbells() {
    return true;
  }

  @Override
  public void plan(MapChange change) {
    Faults.user();
  }

  @Override
  public void begin(MapChange change) {
    Faults.user();
    require(!begun, "begins twice");
    begun = true;
    failedAtCommit = false;
  }

  private void require(boolean right, String otherwise) {
    if (!right && complaint == null) {
      complaint = otherwise;
    }
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    Faults.user();
    int at = find(section);
    require(begun || failedAtCommit, "a section goes outside begin and commit");
    require(at >= 0, "a section goes that was not there");
    if (at >= 0) {
      sections--;
      shown[at] = shown[sections];
      masks[at] = masks[sections];
    }
  }

  private int find(MemoryRegionSection section) {
    for (int i = 0; i < sections; i++) {
      if (shown[i].sameMapping(section)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    Faults.user();
    require(begun || failedAtCommit, "a section comes outside begin and commit");
    require(find(section) < 0, "a section comes that is there");
    shown[sections] = section;
    masks[sections++] = section.attributes().dirtyLogMask();
  }

  @Override
  public void regionNop(MemoryRegionSection section) {
    Faults.user();
    require(find(section) >= 0, "a section stays that is not there");
  }

  @Override
  public void logStart(MemoryRegionSection section, int before, int after) {
    log(section, after);
  }

  @Override
  public void logStop(MemoryRegionSection section, int before, int after) {
    log(section, after);
  }

  private void log(MemoryRegionSection section, int after) {
    Faults.user();
    int at = find(section);
    require(at >= 0, "a section that is not there is logged");
    if (at >= 0) {
      masks[at] = after;
    }
  }

  @Override
  public void doorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
    add(device, address, doorbell);
  }

  @Override
  public void doorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
    remove(device, address, doorbell);
  }

  @Override
  public void coalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) {
    add(device, addresses.first(), addresses);
  }

  @Override
  public void coalescedDel(MemoryRegion.Mmio device, AddressRange addresses) {
    remove(device, addresses.first(), addresses);
  }

  private void add(Object device, long address, Object rule) {
    Faults.user();
    require(findRule(device, address, rule) < 0, "a rule comes that is there");
    devices[entries] = device;
    addresses[entries] = address;
    rules[entries++] = rule;
  }

  private void remove(Object device, long address, Object rule) {
    Faults.user();
    int at = findRule(device, address, rule);
    require(at >= 0, "a rule goes that is not there");
    if (at >= 0) {
      entries--;
      devices[at] = devices[entries];
      addresses[at] = addresses[entries];
      rules[at] = rules[entries];
    }
  }

  private int findRule(Object device, long address, Object rule) {
    for (int i = 0; i < entries; i++) {
      if (devices[i] == device && addresses[i] == address && rules[i].equals(rule)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void commit(MapChange change) {
    require(begun, "commits what did not begin");
    begun = false;
    failedAtCommit = true;
    Faults.user();
    failedAtCommit = false;
  }

  @Override
  public void abort(MapChange change) {
    require(begun || failedAtCommit, "aborts what did not begin");
    begun = false;
    failedAtCommit = false;
  }

  /** What is wrong; null if nothing is. */
  String complaint(List<MemoryRegionSection> view) {
    require(!begun, "began, and heard of no end");
    List<MemoryRegionSection> expected = view.stream().filter(section -> section.range().overlaps(range)).toList();
    require(expected.size() == sections, "holds " + sections + " sections of " + expected.size());
    expected.forEach(section -> {
      int at = find(section);
      require(at >= 0, "lacks " + section);
      require(at < 0 || masks[at] == section.attributes().dirtyLogMask(), "has another mask of " + section);
    });
    return complaint;
  }

  AddressRange range() {
    return range;
  }

  /** For another address space. */
  void forget() {
    require(sections == 0 && entries == 0 && !begun, "held sections of a space that was closed");
    sections = 0;
    entries = 0;
    begun = false;
  }

  /** The doorbells and coalesced ranges that show. */
  List<String> rules(Function<Object, ?> numbers) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      String rule = rules[i] instanceof Doorbell bell ? "bell " + bell.size() + " " + bell.data() : rules[i].toString();
      found.add(numbers.apply(devices[i]) + " at " + addresses[i] + " " + rule);
    }
    found.sort(null);
    return found;
  }
}
