package io.flatview.dispatch.ram;

import io.flatview.dispatch.ram.RamSource.GiveBack;
import io.flatview.dispatch.ram.RamSource.Reservation;
import io.flatview.memory.RamBacking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sources of memory. In checked mode every segment ends with an arena, so that an access after the release throws
 * where it would otherwise crash; a release is a handshake with every thread then.
 *
 * <p>With native access all segments are of the one kind that the JDK has for plain native memory, whatever is behind
 * them: a second kind at the same load or store would cost every access a check of the kind.
 */
final class RamSources {

  /**
   * From here on address space is taken when the memory is made: one that cannot be had is refused then, and not at the
   * guest's first access. Smaller ones fit millions of times into what a process can address.
   */
  static final long LARGE = 64L << 20;

  /** No process addresses more. */
  private static final long ADDRESSABLE = 1L << 47;

  private static final MemorySegment.Scope FOR_EVER = Arena.global().scope();

  private final boolean checked;
  private final Optional<LinuxMemory> linux;
  private final Origin origin;

  RamSources(boolean checked, Optional<LinuxMemory> linux, Origin origin) {
    this.checked = checked;
    this.linux = linux;
    this.origin = origin;
  }

  /**
   * The source that a backing asks for. A file is opened and mapped at once, so that its maker hears of trouble.
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
    if (linux.isEmpty()) {
      return () -> inArena(bytes);
    }
    LinuxMemory calls = linux.get();
    return bytes < LARGE ? () -> anonymous(calls, bytes) : taken(anonymous(calls, bytes));
  }

  /** Address space that is taken already; its pages are not. */
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

  /**
   * Pages of nobody else. Unless an arena ends them, the garbage collector gives them back if the block is dropped; not
   * before the last segment is, so that a segment that an embedder keeps is no danger.
   */
  @SuppressWarnings("restricted")
  private Reservation anonymous(LinuxMemory calls, long bytes) {
    MemorySegment mapping = calls.map(bytes);
    if (checked) {
      Arena arena = Arena.ofShared();
      return inArena(arena, mapping.reinterpret(arena, _ -> calls.unmap(mapping)), GiveBack.anonymous(calls));
    }
    Hold hold = new Hold(origin, () -> calls.unmap(mapping));
    MemorySegment segment = mapping.reinterpret(Arena.ofAuto(), _ -> hold.dropped());
    return new Reservation(segment, GiveBack.anonymous(calls), hold, false);
  }

  private Reservation inArena(Arena arena, MemorySegment segment, GiveBack giveBack) {
    return new Reservation(segment, giveBack, new Hold(origin, arena::close), true);
  }

  private Reservation inArena(long bytes) {
    Arena arena = Arena.ofShared();
    try {
      return inArena(arena, arena.allocate(bytes), GiveBack.NEVER);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private RamSource file(RamBacking.File file) {
    Reservation mapped = mapped(file);
    return () -> mapped;
  }

  private Reservation mapped(RamBacking.File file) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file.path(), options(file.sharing()))) {
      refuseShort(file, channel.size());
      MemorySegment segment = channel.map(mode(file.sharing()), file.offset(), file.size().toBytes(), arena);
      return inArena(arena, plain(segment, arena), giveBack(file.sharing()));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("file " + file.path() + " cannot be mapped as guest memory", e);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static void refuseShort(RamBacking.File file, long length) {
    if (file.offset() > length || file.size().toBytes() > length - file.offset()) {
      throw new IllegalArgumentException("file " + file.path() + " has 0x" + Long.toHexString(length)
          + " bytes and does not hold " + file.size() + " bytes from offset 0x" + Long.toHexString(file.offset())
          + "; make it longer first");
    }
  }

  private static Set<StandardOpenOption> options(RamBacking.Sharing sharing) {
    return sharing == RamBacking.Sharing.READ_ONLY
        ? Set.of(StandardOpenOption.READ)
        : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static MapMode mode(RamBacking.Sharing sharing) {
    return switch (sharing) {
      case SHARED -> MapMode.READ_WRITE;
      case PRIVATE -> MapMode.PRIVATE;
      case READ_ONLY -> MapMode.READ_ONLY;
    };
  }

  /** The same bytes as a plain native segment, where that may be made. */
  @SuppressWarnings("restricted")
  private MemorySegment plain(MemorySegment mapped, Arena arena) {
    if (linux.isEmpty() || mapped.byteSize() == 0) {
      return mapped;
    }
    MemorySegment all = MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize(), arena, null);
    return mapped.isReadOnly() ? all.asReadOnly() : all;
  }

  /** A private page that is dropped would show the file again; so those are zeroed. */
  private GiveBack giveBack(RamBacking.Sharing sharing) {
    return sharing == RamBacking.Sharing.SHARED
        ? linux.map(GiveBack::sharedFile).orElse(GiveBack.NEVER)
        : GiveBack.NEVER;
  }
}
