package io.flatview.dispatch.ram;

import io.flatview.dispatch.ram.RamSource.GiveBack;
import io.flatview.dispatch.ram.RamSource.Reservation;
import io.flatview.mapping.host.FileUse;
import io.flatview.mapping.host.HostAllocator;
import io.flatview.mapping.host.LinuxMemory;
import io.flatview.mapping.host.OpenFile;
import io.flatview.memory.RamBacking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Makes sources of memory. In checked mode, and without native access, every segment belongs to an arena that the
 * release closes: a later access throws where it would otherwise crash, and the release is a handshake with every
 * thread.
 *
 * <p>With native access all segments are of the one class that the JDK has for plain native memory, whatever their
 * origin: a second class at the same load or store would cost every access a check of the class.
 */
final class RamSources {

  /**
   * With native access, memory of this size and more is mapped when its region is made, so that the system refuses it
   * then, and not at the guest's first access. A process can address millions of smaller blocks.
   */
  static final long LARGE = 64L << 20;

  /** The largest number of bytes that a process can address. */
  private static final long ADDRESSABLE = 1L << 47;

  private static final MemorySegment.Scope FOR_EVER = Arena.global().scope();

  private final Optional<LinuxMemory> linux;
  private final HostAllocator host;

  RamSources(boolean checked, Optional<LinuxMemory> linux, Origin origin) {
    this.linux = linux;
    this.host = new HostAllocator(checked, linux, origin::dropped);
  }

  /**
   * The source for a backing. A file is opened and mapped at once, so that a failure reaches the caller.
   *
   * @throws OutOfMemoryError if the system refuses
   */
  RamSource of(RamBacking backing) {
    return switch (backing) {
      case RamBacking.Zeroed zeroed -> zeroed(zeroed.size().toBytes());
      case RamBacking.Resizable resizable -> zeroed(resizable.maximum().toBytes());
      case RamBacking.File file -> file(file);
      case RamBacking.Existing existing -> () -> existing(existing.segment());
    };
  }

  private static Reservation existing(MemorySegment segment) {
    return new Reservation(segment, GiveBack.NEVER, null, !segment.scope().equals(FOR_EVER));
  }

  private RamSource zeroed(long bytes) {
    if (bytes > ADDRESSABLE) {
      throw new OutOfMemoryError("no process can address that much");
    }
    return linux.isEmpty() || bytes < LARGE ? later(bytes) : taken(anonymous(bytes));
  }

  private RamSource later(long bytes) {
    return new RamSource() {
      @Override
      public Reservation reserve() {
        return anonymous(bytes);
      }
    };
  }

  private Reservation anonymous(long bytes) {
    return Reservation.of(host.anonymous(bytes), linux.isPresent() ? GiveBack.anonymous(linux.get()) : GiveBack.NEVER);
  }

  /** A source of memory that is mapped already. */
  private static RamSource taken(Reservation reservation) {
    return new RamSource() {
      @Override
      public Reservation reserve() {
        return reservation;
      }

      @Override
      public void drop() {
        reservation.release();
      }
    };
  }

  private RamSource file(RamBacking.File file) {
    Reservation mapped = mapped(file);
    return () -> mapped;
  }

  private Reservation mapped(RamBacking.File file) {
    FileUse use = use(file.sharing());
    try (OpenFile opened = host.open(file.path(), use)) {
      refuseShort(file, opened.length());
      return Reservation.of(opened.map(file.offset(), file.size().toBytes(), use), giveBack(file.sharing()));
    } catch (IOException e) {
      throw new UncheckedIOException("file " + file.path() + " cannot be mapped as guest memory", e);
    }
  }

  private static void refuseShort(RamBacking.File file, long length) {
    if (file.offset() > length || file.size().toBytes() > length - file.offset()) {
      throw new IllegalArgumentException("file " + file.path() + " has 0x" + Long.toHexString(length)
          + " bytes and does not hold " + file.size() + " bytes from offset 0x" + Long.toHexString(file.offset())
          + "; make it longer first");
    }
  }

  private static FileUse use(RamBacking.Sharing sharing) {
    return switch (sharing) {
      case SHARED -> FileUse.SHARED;
      case PRIVATE -> FileUse.PRIVATE;
      case READ_ONLY -> FileUse.READ_ONLY;
    };
  }

  /**
   * How pages of a file go back. Private pages do not, and are zeroed instead: a dropped private page would have the
   * file's content again.
   */
  private GiveBack giveBack(RamBacking.Sharing sharing) {
    return sharing == RamBacking.Sharing.SHARED
        ? linux.map(GiveBack::sharedFile).orElse(GiveBack.NEVER)
        : GiveBack.NEVER;
  }
}
