package io.flatview.examples.vhost.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flatview.mapping.Mapping;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The dirty log that a front end shares: a bit for each page of 4 KiB of guest-physical addresses. Set by any thread
 * with an atomic OR after the write that it tells of, which pairs with the front end's atomic exchange before it reads
 * the page: a page that is written while it is sent is marked again.
 */
final class DirtyBits {

  private static final VarHandle WORD = JAVA_LONG.varHandle();
  private static final int PAGE_BITS = 12;

  private final MemorySystem memory;
  private final AtomicReference<Mapping> log = new AtomicReference<>();

  DirtyBits(MemorySystem memory) {
    this.memory = memory;
  }

  /** Gives the log before, which is in use until a grace period has passed. */
  Mapping set(Mapping next) {
    return log.getAndSet(next);
  }

  boolean holds(AddressRange range) {
    return holds(log.get(), range);
  }

  static boolean holds(Mapping log, AddressRange range) {
    return log != null && (range.last() >>> PAGE_BITS) < words(log) << 6;
  }

  private static long words(Mapping log) {
    return log.byteSize() >>> 3;
  }

  /** In a section of its own, since the end of a window marks outside any. */
  void mark(long address, long length) {
    try (ReadSection _ = memory.reader().enter()) {
      Mapping present = log.get();
      if (present != null) {
        mark(present.segment(), address >>> PAGE_BITS, address + length - 1 >>> PAGE_BITS);
      }
    }
  }

  private static void mark(MemorySegment bits, long firstPage, long lastPage) {
    for (long word = firstPage >>> 6; word <= lastPage >>> 6; word++) {
      long mask = word == firstPage >>> 6 ? -1L << firstPage : -1L;
      mask &= word == lastPage >>> 6 ? -1L >>> 63 - (lastPage & 63) : -1L;
      WORD.getAndBitwiseOr(bits, word << 3, mask);
    }
  }
}
