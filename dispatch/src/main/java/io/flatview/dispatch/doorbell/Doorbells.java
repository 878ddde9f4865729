package io.flatview.dispatch.doorbell;

import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.Doorbell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The doorbells of one device, by offset. Of one offset, those with size and data come first. Immutable. */
public final class Doorbells {

  /** No doorbells. */
  public static final Doorbells NONE = new Doorbells(List.of());

  private final Doorbell[] bells;
  private final long[] offsets;

  private Doorbells(List<Doorbell> sorted) {
    bells = sorted.toArray(new Doorbell[0]);
    offsets = new long[bells.length];
    for (int i = 0; i < bells.length; i++) {
      offsets[i] = bells[i].offset();
    }
  }

  /**
   * A copy with one more doorbell.
   *
   * @param bell a doorbell that collides with none of these
   * @return a new collection
   */
  public Doorbells with(Doorbell bell) {
    List<Doorbell> more = new ArrayList<>(all());
    more.add(bell);
    more.sort(Doorbells::compare);
    return new Doorbells(more);
  }

  private static int compare(Doorbell one, Doorbell other) {
    if (one.offset() != other.offset()) {
      return Long.compareUnsigned(one.offset(), other.offset());
    }
    return one.data().isPresent() != other.data().isPresent()
        ? Boolean.compare(other.data().isPresent(), one.data().isPresent())
        : Integer.compare(other.size(), one.size());
  }

  /**
   * A copy with one doorbell less.
   *
   * @param bell one of these
   * @return a new collection
   */
  public Doorbells without(Doorbell bell) {
    return new Doorbells(all().stream().filter(other -> other != bell).toList());
  }

  /**
   * All doorbells.
   *
   * @return in ascending order of offsets
   */
  public List<Doorbell> all() {
    return List.of(bells);
  }

  /**
   * The doorbell that matches the same stores as another.
   *
   * @param bell the other doorbell
   * @return empty if there is none
   */
  public Optional<Doorbell> colliding(Doorbell bell) {
    return all().stream().filter(bell::collidesWith).findFirst();
  }

  /**
   * Rings the doorbell that a store matches.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @param value the value, zero-extended
   * @return whether there was one
   */
  public boolean ring(long offset, int size, long value) {
    for (int i = firstAt(offset); i < offsets.length && offsets[i] == offset; i++) {
      if (matches(bells[i], size, value)) {
        bells[i].ring().run();
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a store matches a doorbell.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @param value the value, zero-extended
   * @return whether there is a doorbell for it
   */
  public boolean matches(long offset, int size, long value) {
    for (int i = firstAt(offset); i < offsets.length && offsets[i] == offset; i++) {
      if (matches(bells[i], size, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(Doorbell bell, int size, long value) {
    return (bell.size() == 0 || bell.size() == size)
        && (bell.data().isEmpty() || bell.data().getAsLong() == value);
  }

  private int firstAt(long offset) {
    return Unsigned.countBelow(offsets, offsets.length, offset);
  }
}
