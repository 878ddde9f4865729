package io.flatview.dispatch.ram;

import io.flatview.mapping.host.HostBlock;
import io.flatview.mapping.host.Hold;
import io.flatview.mapping.host.LinuxMemory;
import java.lang.foreign.MemorySegment;

/** The origin of one block's memory. */
interface RamSource {

  /**
   * Provides the memory; called once at most.
   *
   * @throws OutOfMemoryError if the system refuses
   */
  Reservation reserve();

  /** Gives back the resources of the source, in place of {@link #reserve}. */
  default void drop() {}

  /**
   * Memory that a source has provided.
   *
   * @param segment all of the memory
   * @param giveBack hands whole pages back to the system
   * @param hold gives it back; null if the memory is the embedder's
   * @param watched whether the segment ends with an arena, which must be closed if the block is dropped
   */
  record Reservation(MemorySegment segment, GiveBack giveBack, Hold hold, boolean watched) {

    static Reservation of(HostBlock block, GiveBack giveBack) {
      return new Reservation(block.segment(), giveBack, block.hold(), block.watched());
    }

    /** The address, for access by address; 0 if the memory must be reached through its segment. */
    long address() {
      return !watched && HostMemory.reaches(segment) ? segment.address() : 0;
    }

    void release() {
      if (hold != null) {
        hold.release();
      }
    }

    /** Makes a part read as zeros, and returns how many bytes of it went back to the system. */
    long discard(long offset, long length) {
      MemorySegment part = segment.asSlice(offset, length);
      MemorySegment pages = giveBack.pages(part);
      if (pages.byteSize() == 0 || !giveBack.drop(pages)) {
        part.fill((byte) 0);
        return 0;
      }
      long before = pages.address() - part.address();
      part.asSlice(0, before).fill((byte) 0);
      part.asSlice(before + pages.byteSize()).fill((byte) 0);
      return pages.byteSize();
    }
  }

  /** Gives whole pages back to the system. */
  interface GiveBack {

    /** For memory whose pages cannot go back. */
    GiveBack NEVER = new GiveBack() {
      @Override
      public MemorySegment pages(MemorySegment part) {
        return part.asSlice(0, 0);
      }

      @Override
      public boolean drop(MemorySegment pages) {
        return false;
      }
    };

    /** The whole pages in a part. */
    MemorySegment pages(MemorySegment part);

    /** Drops whole pages, which read as zeros from then on; false if the system refuses. */
    boolean drop(MemorySegment pages);

    /** For private pages without a file. */
    static GiveBack anonymous(LinuxMemory linux) {
      return of(linux, false);
    }

    /** For pages of a shared file. */
    static GiveBack sharedFile(LinuxMemory linux) {
      return of(linux, true);
    }

    private static GiveBack of(LinuxMemory linux, boolean shared) {
      return new GiveBack() {
        @Override
        public MemorySegment pages(MemorySegment part) {
          return linux.wholePages(part);
        }

        @Override
        public boolean drop(MemorySegment pages) {
          return shared ? linux.remove(pages) : linux.dontNeed(pages);
        }
      };
    }
  }
}
