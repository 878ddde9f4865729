package io.flatview.dispatch.sparse;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The populated parts of one memory, and their listeners.
 *
 * <h2>Turns</h2>
 *
 * <p>Everything but a query is done in a turn, one thread at a time: it is entered like a device with a lock. So a
 * callback never waits for the map's lock, whose holder may wait for the turn in order to register: the transactions of
 * callbacks are made when the turn has ended. And a circle of turns and devices' locks is found. No monitor is held.
 *
 * <p>A callback may enter the turn of its own thread again. There it may query, replay and remove listeners; a change
 * or a new listener would have to be fitted into the calls under way, and is refused. Loops over listeners run over the
 * array as it was at their start, which is never written again, and skip those that have left.
 *
 * <h2>Order</h2>
 *
 * <p>A bit is set after every listener has accepted, and cleared before the first is called to discard. So as long as a
 * bit is set, each listener has what it stands for: a thread that finds it set, without a turn, sees all that listeners
 * did to take the part. Memory is given back last: before, a listener may still map it.
 *
 * <h2>Failure</h2>
 *
 * <p>All calls are laid out, and chunks for new bits made, before the first call: from then on nothing here allocates,
 * and {@link Host#inTurn} has made sure that there is stack. To populate fails with whatever a listener throws; the
 * calls made are taken back, and no bit was set. To discard, to remove a listener and to take back go on to their ends,
 * whatever listeners throw.
 */
public final class SparseRam implements RamDiscardManager {

  /** The services of the region. */
  public interface Host {

    /**
     * Refuses a region that is closed.
     *
     * @throws IllegalStateException if it is
     */
    void requireOpen();

    /**
     * Runs calls in the turn of this memory, and then the transactions that listeners began. Leaves room on the stack.
     *
     * @param calls the calls, which run in the calling thread
     * @throws IllegalStateException if another thread has the turn and waits for this one; nothing is called
     */
    void inTurn(Runnable calls);
  }

  private final MemoryRegion.Ram region;
  private final Host host;
  private final Extent extent;
  private final Granules granules;

  /** The listeners. Replaced in a turn; volatile for {@link #listeners()}. */
  private volatile Listening[] listeners = {};

  /** The calls of the change under way; null if there is none. Read and written in turns. */
  private Calls underWay;

  /** The number of replays, and of calls to listeners that leave, that the thread in turn is in. */
  private int replays;

  /**
   * Makes a memory sparse, all of it discarded.
   *
   * @param region the region
   * @param host the region's services
   * @param granularity a power of two, of which the maximum of the region is a multiple
   */
  public SparseRam(MemoryRegion.Ram region, Host host, long granularity) {
    this.region = region;
    this.host = host;
    this.extent = new Extent(region, region.maximum().toBytes(), Long.numberOfTrailingZeros(granularity));
    this.granules = new Granules(extent.granules());
  }

  @Override
  public MemoryRegion.Ram region() {
    return region;
  }

  @Override
  public long granularity() {
    return extent.granularity();
  }

  /**
   * The listeners that are registered, for a report of those that were forgotten.
   *
   * @return a text for each
   */
  public List<String> listeners() {
    return Arrays.stream(listeners)
        .map(each -> "discard listener " + each + " of region " + region).toList();
  }

  // Changes

  @Override
  public void populate(long offset, long length) {
    host.requireOpen();
    extent.checkGranules(offset, length);
    if (length != 0) {
      host.inTurn(() -> populateInTurn(offset, offset + length - 1));
    }
  }

  private void populateInTurn(long first, long last) {
    beginChange("populate memory");
    long firstGranule = extent.granule(first);
    long lastGranule = extent.granule(last);
    granules.prepare(firstGranule, lastGranule);
    Calls calls = Calls.toPopulate();
    for (Listening each : listeners) {
      calls.add(each, extent.parts(granules, false, each.section, first, last));
    }
    accept(calls);
    granules.populate(firstGranule, lastGranule);
  }

  /** Makes calls to populate, and takes them back if a listener refuses. */
  private void accept(Calls calls) {
    underWay = calls;
    try {
      calls.populate();
    } catch (Throwable thrown) {
      calls.takeBack(thrown);
      throw refusal(calls, thrown);
    } finally {
      underWay = null;
    }
  }

  private MapException refusal(Calls calls, Throwable thrown) {
    return new MapException(List.of(new MapFault(
        MapFault.Id.VETO, calls.refusal() + " of region " + region + ": " + thrown.getMessage())), thrown);
  }

  @Override
  public long discard(long offset, long length) {
    host.requireOpen();
    extent.checkGranules(offset, length);
    long[] givenBack = {0};
    if (length != 0) {
      host.inTurn(() -> givenBack[0] = discardInTurn(offset, offset + length - 1));
    }
    return givenBack[0];
  }

  private long discardInTurn(long first, long last) {
    beginChange("discard memory");
    Listening[] all = listeners;
    Calls calls = Calls.toDiscard();
    for (int i = all.length - 1; i >= 0; i--) {
      calls.add(all[i], extent.parts(granules, true, all[i].section, first, last));
    }
    granules.discard(extent.granule(first), extent.granule(last));
    return giveBack(first, last, drop(calls));
  }

  /** Makes calls to discard, all of them; returns the first failure, or null. */
  private Throwable drop(Calls calls) {
    underWay = calls;
    try {
      return calls.discard(null);
    } finally {
      underWay = null;
    }
  }

  private long giveBack(long first, long last, Throwable earlier) {
    long givenBack = 0;
    Throwable failure = earlier;
    try {
      givenBack = region.discard(first, last - first + 1);
    } catch (Throwable thrown) {
      failure = Failure.join(earlier, thrown);
    }
    Failure.rethrowAny(failure);
    return givenBack;
  }

  private void beginChange(String what) {
    host.requireOpen();
    if (underWay != null || replays != 0) {
      throw new IllegalStateException("a callback of the discard manager of region " + region + " cannot " + what
          + "; do it when the calls have ended");
    }
  }

  // Queries

  @Override
  public boolean isPopulated(long offset, long length) {
    extent.checkRange(offset, length);
    return length == 0 || isAllPopulated(offset, offset + length - 1);
  }

  @Override
  public boolean isPopulated(MemoryRegionSection section) {
    extent.checkSection(section);
    return isAllPopulated(section.offsetInRegion(), Extent.last(section));
  }

  private boolean isAllPopulated(long first, long last) {
    return granules.next(false, extent.granule(first), extent.granule(last)) > extent.granule(last);
  }

  @Override
  public void replayPopulated(MemoryRegionSection section, Consumer<? super MemoryRegionSection> part) {
    replay(true, section, part);
  }

  @Override
  public void replayDiscarded(MemoryRegionSection section, Consumer<? super MemoryRegionSection> part) {
    replay(false, section, part);
  }

  private void replay(boolean populated, MemoryRegionSection section, Consumer<? super MemoryRegionSection> part) {
    extent.checkSection(section);
    Objects.requireNonNull(part, "part");
    host.inTurn(() -> {
      List<MemoryRegionSection> parts = parts(populated, section);
      replays++;
      try {
        parts.forEach(part);
      } finally {
        replays--;
      }
    });
  }

  private List<MemoryRegionSection> parts(boolean populated, MemoryRegionSection section) {
    return extent.parts(granules, populated, section, 0, Extent.last(section));
  }

  // Listeners

  @Override
  public Registration addListener(RamDiscardListener listener, MemoryRegionSection section) {
    Objects.requireNonNull(listener, "listener");
    extent.checkSection(section);
    Listening added = new Listening(this, listener, section);
    host.inTurn(() -> add(added));
    return added;
  }

  /** Enters the listener before it is called, so that nothing needs to be allocated after it has accepted. */
  private void add(Listening added) {
    beginChange("register a listener");
    Listening[] before = listeners;
    Listening[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = added;
    Calls calls = Calls.toPopulate();
    calls.add(added, parts(true, added.section));
    listeners = after;
    try {
      accept(calls);
    } catch (Throwable refused) {
      added.open = false;
      listeners = listeners == after ? before : listeners;
      throw refused;
    }
  }

  void remove(Listening leaving) {
    host.inTurn(() -> removeInTurn(leaving));
  }

  private void removeInTurn(Listening leaving) {
    if (!leaving.open) {
      return;
    }
    Listening[] others =
        Arrays.stream(listeners).filter(each -> each.open && each != leaving).toArray(Listening[]::new);
    List<MemoryRegionSection> parts = parts(true, leaving.section);
    List<MemoryRegionSection> owed = underWay == null ? List.of() : underWay.owed(leaving);
    listeners = others;
    leaving.open = false;
    replays++;
    Throwable failure = null;
    try {
      failure = leaving.drop(owed, leaving.drop(parts, null));
    } finally {
      replays--;
    }
    Failure.rethrowAny(failure);
  }

  @Override
  public String toString() {
    return "discard manager of " + region + " in granules of " + Extent.size(granularity());
  }
}
