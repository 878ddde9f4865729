package io.flatview.examples.bench.mapped;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** The code of a program without this library. */
final class HandMade {

  private HandMade() {}

  /** The JDK's own: a read that meets a closed arena tries again. */
  static final class SharedArena extends Scheme {

    private record Shown(Arena arena, MemorySegment segment) {}

    private volatile Shown shown;

    SharedArena(Path first) {
      shown = map(first);
    }

    private Shown map(Path file) {
      Arena arena = Arena.ofShared();
      countMapped();
      return new Shown(arena, RawFile.map(file, arena));
    }

    @Override
    Lookup lookup() {
      return offset -> {
        while (true) {
          try {
            return get(shown.segment, offset);
          } catch (IllegalStateException e) {
            Thread.onSpinWait(); // closed: another is shown already
          }
        }
      };
    }

    @Override
    void swap(Path next) {
      Shown before = shown;
      shown = map(next);
      before.arena.close();
      countUnmapped();
    }

    @Override
    public void close() {
      shown.arena.close();
    }
  }

  /** The garbage collector finds out when no thread reads any more. */
  static final class AutoArena extends Scheme {

    private volatile MemorySegment shown;

    AutoArena(Path first) {
      shown = map(first);
    }

    private MemorySegment map(Path file) {
      countMapped();
      return RawFile.map(file, Arena.ofAuto());
    }

    @Override
    Lookup lookup() {
      return offset -> get(shown, offset);
    }

    @Override
    void swap(Path next) {
      shown = map(next);
    }

    @Override
    public void close() {}
  }

  /** A file with a count of its readers, at which 0 is for ever. */
  static final class Counts extends Scheme {

    private final class Counted {
      private final RawFile file;
      private final AtomicLong users = new AtomicLong(1);

      Counted(Path path) {
        file = RawFile.map(path);
        countMapped();
      }

      boolean enter() {
        long seen = users.get();
        while (seen != 0) {
          if (users.compareAndSet(seen, seen + 1)) {
            return true;
          }
          seen = users.get();
        }
        return false;
      }

      void leave() {
        if (users.decrementAndGet() == 0) {
          file.unmap();
          countUnmapped();
        }
      }
    }

    private volatile Counted shown;

    Counts(Path first) {
      shown = new Counted(first);
    }

    @Override
    Lookup lookup() {
      return offset -> {
        Counted seen = shown;
        while (!seen.enter()) {
          seen = shown;
        }
        try {
          return get(seen.file.segment(), offset);
        } finally {
          seen.leave();
        }
      };
    }

    @Override
    void swap(Path next) {
      Counted before = shown;
      shown = new Counted(next);
      before.leave();
    }

    @Override
    public void close() {
      shown.leave();
    }
  }

  /** Readers share a lock, the writer takes it alone. */
  abstract static class Locked extends Scheme {

    RawFile shown;

    Locked(Path first) {
      shown = map(first);
    }

    private RawFile map(Path file) {
      countMapped();
      return RawFile.map(file);
    }

    abstract RawFile exchange(RawFile next);

    @Override
    void swap(Path next) {
      exchange(map(next)).unmap();
      countUnmapped();
    }

    @Override
    public void close() {
      shown.unmap();
    }
  }

  /** The usual lock. */
  static final class ReadWriteLocked extends Locked {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    ReadWriteLocked(Path first) {
      super(first);
    }

    @Override
    Lookup lookup() {
      return offset -> {
        lock.readLock().lock();
        try {
          return get(shown.segment(), offset);
        } finally {
          lock.readLock().unlock();
        }
      };
    }

    @Override
    RawFile exchange(RawFile next) {
      lock.writeLock().lock();
      try {
        RawFile before = shown;
        shown = next;
        return before;
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  /** Without optimistic reads: one that turns out to be wrong has read what is not there any more. */
  static final class StampLocked extends Locked {

    private final StampedLock lock = new StampedLock();

    StampLocked(Path first) {
      super(first);
    }

    @Override
    Lookup lookup() {
      return offset -> {
        long stamp = lock.readLock();
        try {
          return get(shown.segment(), offset);
        } finally {
          lock.unlockRead(stamp);
        }
      };
    }

    @Override
    RawFile exchange(RawFile next) {
      long stamp = lock.writeLock();
      try {
        RawFile before = shown;
        shown = next;
        return before;
      } finally {
        lock.unlockWrite(stamp);
      }
    }
  }

  /** Each reader says which file it reads, and looks again whether that is the one that is shown. */
  static final class Hazards extends Scheme {

    private static final int MANY = 4;
    private static final VarHandle HAZARD = hazard();

    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final List<RawFile> retired = new ArrayList<>();
    private volatile RawFile shown;

    Hazards(Path first) {
      shown = map(first);
    }

    private static VarHandle hazard() {
      try {
        return MethodHandles.lookup().findVarHandle(Slot.class, "hazard", RawFile.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private RawFile map(Path file) {
      countMapped();
      return RawFile.map(file);
    }

    private final class Slot implements Lookup {

      private RawFile hazard;

      @Override
      public long read(long offset) {
        RawFile seen = shown;
        HAZARD.setVolatile(this, seen);
        while (seen != shown) {
          seen = shown;
          HAZARD.setVolatile(this, seen);
        }
        try {
          return get(seen.segment(), offset);
        } finally {
          HAZARD.setRelease(this, (RawFile) null);
        }
      }

      @Override
      public void close() {
        slots.remove(this);
      }
    }

    @Override
    Lookup lookup() {
      Slot slot = new Slot();
      slots.add(slot);
      return slot;
    }

    @Override
    void swap(Path next) {
      retired.add(shown);
      shown = map(next);
      if (retired.size() >= MANY) {
        retired.removeIf(this::unmap);
      }
    }

    private boolean unmap(RawFile file) {
      for (Slot slot : slots) {
        if (HAZARD.getVolatile(slot) == file) {
          return false;
        }
      }
      file.unmap();
      countUnmapped();
      return true;
    }

    @Override
    public void close() {
      retired.removeIf(this::unmap);
      shown.unmap();
    }
  }
}
