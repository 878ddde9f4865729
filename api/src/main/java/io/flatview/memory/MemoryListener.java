package io.flatview.memory;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Called for every change of one address space's flat view, in QEMU's order.
 *
 * <p>A commit that changes the address space calls, for all listeners of all changed spaces,
 *
 * <ol>
 *   <li>{@link #plan} in ascending priority: any of them may refuse the change by throwing;
 *   <li>{@link #begin} in ascending priority;
 *   <li>for each changed space a first pass over the sections that go away, in ascending address order: {@link
 *       #regionDel} in <em>descending</em> priority; then a second pass over the sections of the new view, in ascending
 *       address order: {@link #regionAdd} in ascending priority; or for a section that stays {@link #regionNop} in
 *       ascending priority for listeners that want it, and where its dirty mask changes {@link #logStart} in ascending
 *       and {@link #logStop} in descending priority;
 *   <li>for listeners that {@linkplain #wantsDoorbells want it}, {@link #coalescedDel} before these passes, and after
 *       them {@link #coalescedAdd}, {@link #doorbellDel} and {@link #doorbellAdd}; removals in descending priority,
 *       additions in ascending priority;
 *   <li>publication: one release store switches every address space of the memory system at once;
 *   <li>{@link #commit} in ascending priority.
 * </ol>
 *
 * <p>Listeners of equal priority are called in the order of registration, in descending passes in its reverse. A
 * listener of a space that does not change is not called.
 *
 * <p>An exception from a callback before publication leaves the old map in force. Every listener that was called
 * before gets the inverse of each call, in reverse order, and then {@link #abort}. An exception from {@link
 * #commit} is collected and reported to the committer once all listeners were called; the new map stands.
 *
 * <p><b>Threading.</b> Callbacks run in the committing thread, which holds the topology's write lock. A listener may
 * translate: up to publication it sees the old map, in {@link #commit} the new one. It may open a transaction, whose
 * changes are published after the present ones; if the present commit fails, that transaction is undone with it. It
 * must not wait for a grace period. An {@link IllegalStateException} refuses to add or remove listeners, to attach
 * taps, to close the memory system, and to leave a transaction open.
 */
public interface MemoryListener {

  /**
   * A listener that is called once for each change, when it is published, with both views and their difference; {@link
   * MapChange#diff} has the difference by section.
   *
   * @param changed is called with each change, in the committing thread
   * @return a listener of priority 0
   */
  static MemoryListener batch(Consumer<MapChange> changed) {
    Objects.requireNonNull(changed, "changed");
    return new MemoryListener() {
      @Override
      public void commit(MapChange change) {
        changed.accept(change);
      }
    };
  }

  /**
   * The priority among the listeners of the memory system; read once, at registration.
   *
   * @return any number, 0 by default
   */
  default int priority() {
    return 0;
  }

  /**
   * Whether {@link #regionNop} is of interest; read once, at registration. It makes every commit that changes the
   * address space cost time in proportion to the size of its view, and not to the size of the change.
   *
   * @return false by default
   */
  default boolean wantsNops() {
    return false;
  }

  /**
   * Whether doorbells and coalesced ranges are of interest; read once, at registration. It makes every commit that
   * changes the address space, a doorbell or a coalesced range cost time in proportion to the size of the view.
   *
   * @return false by default
   */
  default boolean wantsDoorbells() {
    return false;
  }

  /**
   * Whether selections of {@linkplain MemoryRegion.Bank banks} are of interest; read once, at registration. As long as
   * a listener of the memory system wants them, views hold the sections that each bank selects in the place of the
   * bank, and a selection is a commit, which calls listeners and which readers see in their next section. For a
   * listener that mirrors the map where a bank cannot be read, such as in a hypervisor.
   *
   * @return false by default: a listener is called for sections of banks, with all their variants
   */
  default boolean wantsSelections() {
    return false;
  }

  /**
   * Called before a change begins. An exception refuses the change; no other method of any listener has been called for
   * it.
   *
   * @param change the change that would be made
   */
  default void plan(MapChange change) {}

  /**
   * A change begins.
   *
   * @param change the change that will be made
   */
  default void begin(MapChange change) {}

  /**
   * A section goes away. For a section that merely changes, {@link #regionDel} is called, and then {@link #regionAdd}.
   *
   * @param section the section in the old view
   */
  default void regionDel(MemoryRegionSection section) {}

  /**
   * A section appears.
   *
   * @param section the section in the new view
   */
  default void regionAdd(MemoryRegionSection section) {}

  /**
   * A section stays; its dirty mask may change. Called only for listeners that {@linkplain #wantsNops() want} it.
   *
   * @param section the section in the new view
   */
  default void regionNop(MemoryRegionSection section) {}

  /**
   * Clients start to log writes to a section that stays. A section that appears with a mask gets {@link #regionAdd}
   * only.
   *
   * @param section the section in the new view
   * @param before the mask in the old view
   * @param after the mask in the new view, which has bits that the old one lacks
   */
  default void logStart(MemoryRegionSection section, int before, int after) {}

  /**
   * Clients stop logging writes to a section that stays.
   *
   * @param section the section in the new view
   * @param before the mask in the old view, which has bits that the new one lacks
   * @param after the mask in the new view
   */
  default void logStop(MemoryRegionSection section, int before, int after) {}

  /**
   * Stores to a device ring a doorbell at an address: QEMU's {@code eventfd_add}. A commit that changes only
   * doorbells and coalesced ranges has no {@link #begin} and no {@link #commit}.
   *
   * @param device the device that has the doorbell
   * @param address the address at which the doorbell's offset shows, unsigned
   * @param doorbell the doorbell
   */
  default void doorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) {}

  /**
   * A doorbell was removed, or does not show at an address any more.
   *
   * @param device the device that has or had the doorbell
   * @param address the address at which it showed, unsigned
   * @param doorbell the doorbell
   */
  default void doorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) {}

  /**
   * Stores to a range of addresses are coalesced from now on.
   *
   * @param device the device whose stores are coalesced
   * @param addresses the addresses of the coalesced range, or of a visible part of it
   */
  default void coalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) {}

  /**
   * Stores to a range of addresses are no longer coalesced.
   *
   * @param device the device whose stores were coalesced
   * @param addresses the same range as in {@link #coalescedAdd}
   */
  default void coalescedDel(MemoryRegion.Mmio device, AddressRange addresses) {}

  /**
   * The change is published: every section entered from now on sees the new view.
   *
   * @param change the change that was made
   */
  default void commit(MapChange change) {}

  /**
   * The change has failed; the old view stays in force.
   *
   * @param change the change that failed
   */
  default void abort(MapChange change) {}
}
