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
 * Makes sources of memory. In checked mode every segment ends with an arena, so that an access after the release throws
 * where it would otherwise crash; a release is a handshake with every thread then.
 *
 * <p>With native access all segments are of the one class that the JDK has for plain native memory, whatever their
 * origin: a second class at the same load or store would cost every access a check of the class.
 */
final class RamSources {

  /**
   * Memory of this size and more takes its address space when it is made, so that memory which cannot be had is refused
   * then, and not at the guest's first access. A process can address millions of smaller ones.
   */
  static final long LARGE = 64L << 20;

  /** The largest number of bytes that a process addresses. */
  private static final long ADDRESSABLE = 1L << 47;

  private static final MemorySegment.Scope FOR_EVER = Arena.global().scope();

  private final Optional<LinuxMemory> linux;
  private final HostAllocator host;

  RamSources(boolean checked, Optional<LinuxMemory> linux, Origin origin) {
    this.linux = linux;
    this.host = new HostAllocator(checked, linux, origin::dropped);
  }

  /**
   * The source that a backing asks for. A file is opened and mapped at once, so that a failure reaches the caller.
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
    return linux.isEmpty() || bytes < LARGE ? () -> anonymous(bytes) : taken(anonymous(bytes));
  }

  private Reservation anonymous(long bytes) {
    return Reservation.of(host.anonymous(bytes), linux.map(GiveBack::anonymous).orElse(GiveBack.NEVER));
  }

  /** A source whose address space is taken already, but not its pages. */
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

  /** A dropped private page would show the file again; so private pages are zeroed. */
  private GiveBack giveBack(RamBacking.Sharing sharing) {
    return sharing == RamBacking.Sharing.SHARED
        ? linux.map(GiveBack::sharedFile).orElse(GiveBack.NEVER)
        : GiveBack.NEVER;
  }
}
