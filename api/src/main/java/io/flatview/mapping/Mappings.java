package io.flatview.mapping;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.flatview.mapping.host.HostAllocator;
import io.flatview.mapping.host.Hold;
import io.flatview.mapping.host.HostBlock;
import io.flatview.mapping.host.LinuxMemory;
import io.flatview.mapping.host.OpenFile;
import io.flatview.rcu.Checked;
import io.flatview.rcu.ReclaimPolicy;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Makes {@linkplain Mapping mappings} whose readers are readers of one policy.
 *
 * <table class="striped">
 * <caption>How memory is given back</caption>
 * <thead><tr><th scope="col">where</th><th scope="col">how</th><th scope="col">cost</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">Linux, with native access for {@code io.flatview.api}</th><td>{@code munmap}</td><td>the system
 * call, in the reclaiming thread</td></tr>
 * <tr><th scope="row">elsewhere</th><td>closing a shared arena, in the reclaiming thread</td><td>a handshake with every
 * thread, also unrelated ones: a hundred or two a second at most</td></tr>
 * <tr><th scope="row">in {@linkplain Checked checked mode}</th><td>as elsewhere</td><td>likewise; a segment that was
 * kept throws</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Native access is enabled by {@code --enable-native-access=io.flatview.api}, or {@code ALL-UNNAMED} on the class
 * path.
 *
 * <p><b>Threading.</b> Immutable; for any thread.
 */
public final class Mappings {

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  /**
   * The cleaner, whose thread starts with the first mapping that needs it: one whose segment does not give itself back.
   */
  private static final class Watcher {
    static final Cleaner CLEANER = Cleaner.create();
  }

  private final ReclaimPolicy policy;
  private final HostAllocator allocator;

  private Mappings(ReclaimPolicy policy, HostAllocator allocator) {
    this.policy = policy;
    this.allocator = allocator;
  }

  /**
   * Returns a maker of mappings that are retired through a policy.
   *
   * @param policy the policy whose sections protect them; close the mappings before it
   * @return a maker of any number of mappings
   */
  public static Mappings of(ReclaimPolicy policy) {
    return of(policy, Checked.ON, LinuxMemory.present());
  }

  static Mappings of(ReclaimPolicy policy, boolean checked, Optional<LinuxMemory> linux) {
    Objects.requireNonNull(policy, "policy");
    if (linux.isEmpty() && TOLD.compareAndSet(false, true)) {
      log().log(INFO,
          "mappings are given back by closing shared arenas, a handshake with every thread for each; on Linux"
          + " --enable-native-access=io.flatview.api (ALL-UNNAMED on the class path) spares that");
    }
    return new Mappings(policy, new HostAllocator(checked, linux, Mappings::reportDropped));
  }

  private static void reportDropped() {
    log().log(WARNING, "a mapping was dropped without being closed; its memory is given back now");
  }

  /**
   * Whether mappings are given back by {@code munmap}: the first row of the table above.
   *
   * @return false where an arena is closed instead
   */
  public boolean isDirect() {
    return allocator.isDirect();
  }

  /**
   * Maps a whole file, as long as it is now.
   *
   * @param path an existing file
   * @param use the effect of stores
   * @return the mapping, to be closed when it has been unlinked
   * @throws IOException if it cannot be mapped
   */
  public Mapping file(Path path, Mapping.Use use) throws IOException {
    try (OpenFile file = allocator.open(path, use.host)) {
      return mapping(file.map(0, file.length(), use.host));
    }
  }

  /**
   * Maps a part of a file.
   *
   * @param path an existing file that holds all of the part
   * @param offset the offset at which the part starts, 0 or more, of any alignment
   * @param bytes the number of bytes, 0 or more
   * @param use the effect of stores
   * @return the mapping, to be closed when it has been unlinked
   * @throws EOFException if the file is shorter
   * @throws IOException if it cannot be mapped
   * @throws IllegalArgumentException if a number is negative
   */
  public Mapping file(Path path, long offset, long bytes, Mapping.Use use) throws IOException {
    refuseNegative(offset, bytes);
    try (OpenFile file = allocator.open(path, use.host)) {
      long length = file.length();
      if (offset > length || bytes > length - offset) {
        throw new EOFException(path + " has " + length + " bytes, and does not hold " + bytes + " bytes from offset "
            + offset);
      }
      return mapping(file.map(offset, bytes, use.host));
    }
  }

  /**
   * Maps a part of a file, shared memory or device by its descriptor, such as one that another process sent. Linux
   * only, with native access.
   *
   * @param descriptor a descriptor of the system, to be closed by its user, before or after the mapping
   * @param offset the offset at which the part starts, 0 or more, of any alignment
   * @param bytes the number of bytes, 0 or more; an access beyond the end of the file throws {@link InternalError}
   * @param use the effect of stores
   * @return the mapping, to be closed when it has been unlinked
   * @throws IOException if it cannot be mapped
   * @throws IllegalArgumentException if a number is negative
   * @throws UnsupportedOperationException where there is no native access
   */
  public Mapping descriptor(int descriptor, long offset, long bytes, Mapping.Use use) throws IOException {
    refuseNegative(offset, bytes);
    try (OpenFile file = allocator.of(descriptor)) {
      return mapping(file.map(offset, bytes, use.host));
    }
  }

  /**
   * Makes zeroed private memory; with native access the system provides its pages as they are touched.
   *
   * @param bytes the number of bytes, 0 or more
   * @return the mapping, to be closed when it has been unlinked
   * @throws OutOfMemoryError if the system refuses
   * @throws IllegalArgumentException if the number is negative
   */
  public Mapping anonymous(long bytes) {
    refuseNegative(0, bytes);
    return mapping(allocator.anonymous(bytes));
  }

  /**
   * Makes a mapping of memory that a native library allocated.
   *
   * @param memory all of the memory, with its size, in an arena that never ends
   * @param free gives it back to the library; called with {@code memory} once, after a grace period, in the reclaiming
   *     thread
   * @return the mapping, to be closed when it has been unlinked
   * @throws IllegalArgumentException if the memory is on the heap
   */
  public Mapping adopt(MemorySegment memory, Consumer<MemorySegment> free) {
    Objects.requireNonNull(free, "free");
    if (!memory.isNative()) {
      throw new IllegalArgumentException("a segment on the heap cannot be adopted: " + memory);
    }
    return mapping(allocator.adopted(memory, () -> free.accept(memory)), true);
  }

  private Mapping mapping(HostBlock memory) {
    return mapping(memory, memory.watched());
  }

  /**
   * Makes a mapping; if {@code dropped}, a cleaner gives the memory back once the mapping cannot be reached, since the
   * garbage collector does not do so with the segment.
   */
  private Mapping mapping(HostBlock memory, boolean dropped) {
    try {
      Mapping mapping = new Mapping(policy, allocator, memory);
      if (dropped) {
        Watcher.CLEANER.register(mapping, afterDropping(policy, memory.hold()));
      }
      return mapping;
    } catch (Throwable e) { // out of memory
      memory.hold().release();
      throw e;
    }
  }

  /**
   * Static, so that the cleaner does not keep the mapping reachable. Gives the memory back after a grace period, since
   * a reader may use the segment until the end of its section.
   */
  private static Runnable afterDropping(ReclaimPolicy policy, Hold hold) {
    return () -> {
      if (!hold.isReleased()) {
        giveBackDropped(policy, hold);
      }
    };
  }

  private static void giveBackDropped(ReclaimPolicy policy, Hold hold) {
    try {
      policy.retire(hold::dropped);
    } catch (Throwable e) { // even OutOfMemoryError: the cleaner would drop it silently
      log().log(WARNING, "a mapping was dropped without being closed, and its memory is lost with the policy", e);
    }
  }

  private static void refuseNegative(long offset, long bytes) {
    if (offset < 0 || bytes < 0) {
      throw new IllegalArgumentException("offset " + offset + " and length " + bytes + " must not be negative");
    }
  }

  private static System.Logger log() {
    return System.getLogger(Mappings.class.getName());
  }
}
