package io.flatview.memory;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A callback for changes of an IOMMU's mappings, such as of a device that mirrors them: QEMU's {@code IOMMUNotifier}.
 *
 * @param name the name of the notifier, for messages
 * @param kinds the kinds of events that are wanted, at least one
 * @param range the offsets in the IOMMU region that are of interest; events are cropped to it
 * @param index the index of the translation table in the IOMMU, from 0: QEMU's {@code iommu_idx}
 * @param pageSize the smallest block that the notifier can follow, a power of two; an IOMMU that maps smaller ones
 *     refuses it
 * @param callback is called with each event, one at a time for each region, in the order of the changes. It may close
 *     its own registration and others, and may register. Events that it causes follow the present one, and
 *     transactions that it begins are made when the calls have ended, as a device's are. It must not block, and waiting
 *     for a grace period is refused. If it throws, the other notifiers are called all the same, and the owner of the
 *     IOMMU gets the exception
 */
public record IommuNotifier(
    String name, Set<IommuEvent.Kind> kinds, AddressRange range, int index, long pageSize,
    Consumer<? super IommuEvent> callback) {

  /**
   * Checks the properties that do not depend on the region.
   *
   * @throws IllegalArgumentException if no kind is wanted, the index is negative or the page size not a power of two
   */
  public IommuNotifier {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(callback, "callback");
    kinds = Set.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("IOMMU notifier '" + name + "' wants no kind of event; name at least one");
    }
    if (index < 0) {
      throw new IllegalArgumentException("IOMMU notifier '" + name + "' has index " + index + "; the first is 0");
    }
    if (Long.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException("IOMMU notifier '" + name + "' has page size "
          + AddressRange.hex(pageSize) + ", which is not a power of two");
    }
  }

  /**
   * A notifier for all offsets, index 0 and blocks of any size.
   *
   * @param name the name of the notifier, for messages
   * @param kinds the kinds of events that are wanted, at least one
   * @param callback is called with each event
   */
  public IommuNotifier(String name, Set<IommuEvent.Kind> kinds, Consumer<? super IommuEvent> callback) {
    this(name, kinds, AddressRange.ALL, 0, 1, callback);
  }

  /**
   * Returns a copy that is limited to some addresses.
   *
   * @param part the offsets in the IOMMU region
   * @return a notifier with that range
   */
  public IommuNotifier within(AddressRange part) {
    return new IommuNotifier(name, kinds, part, index, pageSize, callback);
  }

  /** A notifier that is registered with an IOMMU region. */
  public interface Registration extends AutoCloseable {

    /**
     * Calls this notifier alone for everything that is mapped now: one {@link IommuEvent.Map} for each mapped range, in
     * ascending order. No other event of the region comes in between. Transactions that the translator or the callback
     * begins are made when the replay has ended.
     *
     * @param reader a reader of the calling thread; the call enters a section of it
     * @throws IllegalStateException if the notifier does not want {@link IommuEvent.Kind#MAP}, or is closed, or if
     *     another thread calls the region's notifiers and waits, in a callback, for the calling thread
     */
    void replay(MapReader reader);

    /** Removes the notifier, which is not called any more. Closing twice does nothing. */
    @Override
    void close();
  }
}
