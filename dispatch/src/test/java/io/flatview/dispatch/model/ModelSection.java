package io.flatview.dispatch.model;

import io.flatview.memory.AddressRange;
import java.util.List;

/** A range of addresses that one region answers; both bounds inclusive and unsigned. */
record ModelSection(long first, long last, int region, long offset, Attributes attributes) {

  boolean contains(long address) {
    return Long.compareUnsigned(first, address) <= 0 && Long.compareUnsigned(address, last) <= 0;
  }

  long offsetOf(long address) {
    return offset + (address - first);
  }

  /** The same but for the dirty mask. */
  boolean isSameMapping(ModelSection other) {
    return withMask(0).equals(other.withMask(0));
  }

  private ModelSection withMask(int mask) {
    return new ModelSection(first, last, region, offset, new Attributes(attributes.readOnly(),
        attributes.nonVolatile(), attributes.romdMode(), attributes.unmergeable(), attributes.noFetch(), mask));
  }

  /** The section at an address, or null for a hole. */
  static ModelSection at(List<ModelSection> view, long address) {
    int low = 0;
    int high = view.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Long.compareUnsigned(view.get(middle).first, address) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low <= high && view.get(low).contains(address) ? view.get(low) : null;
  }

  @Override
  public String toString() {
    return new AddressRange(first, last) + " r" + region + " @" + AddressRange.hex(offset)
        + (attributes.readOnly() ? " ro" : "") + (attributes.nonVolatile() ? " nv" : "")
        + (attributes.romdMode() ? " romd" : "") + (attributes.unmergeable() ? " unmergeable" : "")
        + (attributes.noFetch() ? " nofetch" : "")
        + (attributes.dirtyLogMask() != 0 ? " dirty " + attributes.dirtyLogMask() : "");
  }
}
