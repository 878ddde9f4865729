package io.flatview.dispatch.doorbell;

import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.Doorbell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The doorbells of one device, by offset, and of one offset those first that ask for most. Immutable. */
public final class Doorbells {

  /** None. */
  public static final Doorbells NONE = new Doorbells(List.of());

  private static final Comparator<Doorbell> ORDER = Comparator
      .comparing(Doorbell::offset, Long::compareUnsigned)
      .thenComparing(bell -> bell.data().isPresent(), Comparator.reverseOrder())
      .thenComparing(Doorbell::size, Comparator.reverseOrder());

  private final Doorbell[] bells;
  private final long[] offsets;

  private Doorbells(List<Doorbell> sorted) {
    bells = sorted.toArray(Doorbell[]::new);
    offsets = sorted.stream().mapToLong(Doorbell::offset).toArray();
  }

  /**
   * One more.
   *
   * @param bell collides with none that is here
   * @return new doorbells
   */
  public Doorbells with(Doorbell bell) {
    List<Doorbell> more = new ArrayList<>(all());
    more.add(bell);
    more.sort(ORDER);
    return new Doorbells(more);
  }

  /**
   * One less.
   *
   * @param bell one that is here
   * @return new doorbells
   */
  public Doorbells without(Doorbell bell) {
    return new Doorbells(all().stream().filter(other -> other != bell).toList());
  }

  /**
   * All of them.
   *
   * @return in ascending order of offsets
   */
  public List<Doorbell> all() {
    return List.of(bells);
  }

  /**
   * The one that matches the same stores.
   *
   * @param bell another
   * @return empty if there is none
   */
  public Optional<Doorbell> colliding(Doorbell bell) {
    return all().stream().filter(bell::collidesWith).findFirst();
  }

  /**
   * Rings the doorbell that a store matches.
   *
   * @param offset where
   * @param size how many bytes
   * @param value zero-extended
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
   * Whether a store rings.
   *
   * @param offset where
   * @param size how many bytes
   * @param value zero-extended
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
