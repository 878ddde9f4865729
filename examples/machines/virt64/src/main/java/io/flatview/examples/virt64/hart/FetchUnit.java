package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.Translation;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A hart's way to its instructions: decoded pages where they are memory. Confined to the hart's thread. */
@ThreadConfined
final class FetchUnit {

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;
  private static final long PAGE = -PAGE_BYTES;
  private static final int SETS = 1024;
  private static final long EMPTY = -1;

  private final PrivilegedState state;
  private final Pmp pmp;
  private final GuestTrap trap;
  private final AddressSpace space;
  private final GuestTranslation translation;
  private final MapStamp stamp;
  private final CodeCache code = new CodeCache();
  private final long[] tags = new long[SETS];
  private final CodePage[] pages = new CodePage[SETS];
  private MapReader reader;

  FetchUnit(
      PrivilegedState state,
      Pmp pmp,
      GuestTrap trap,
      AddressSpace space,
      GuestTranslation translation,
      MapStamp stamp) {
    this.state = state;
    this.pmp = pmp;
    this.trap = trap;
    this.space = space;
    this.translation = translation;
    this.stamp = stamp;
    empty();
  }

  void attach(MapReader reader) {
    this.reader = reader;
  }

  void empty() {
    Arrays.fill(tags, EMPTY);
  }

  /** Has all code looked at again; entries for pages must change their stamp, too. */
  void barrier() {
    code.barrier();
  }

  /** Where instructions are kept decoded, or {@link CodePage#NONE}. */
  CodePage page(long address) {
    int set = (int) (address >>> PAGE_SHIFT) & SETS - 1;
    return tags[set] == tag(address) ? pages[set] : find(address, set);
  }

  private long tag(long address) {
    return address & PAGE | state.mode | stamp.bits();
  }

  private CodePage find(long address, int set) {
    long page = translation.reach(address, 2, Use.FETCH, state.mode) & PAGE;
    Translation found = reader.translate(space, page, PAGE_BYTES, Use.FETCH.access);
    MemorySegment memory = found.memory();
    if (memory == null || found.length() != PAGE_BYTES || !pmp.isUniform(page)) {
      return CodePage.NONE;
    }
    CodePage decoded = code.page(found.section().region(), memory, found.offset());
    if (stamp.looksAfter(page)) {
      pages[set] = decoded;
      tags[set] = tag(address);
    }
    return decoded;
  }

  /** Fetches and decodes an instruction wherever it lies. */
  long fetch(long address) {
    int half = fetchHalf(address);
    return Decoder.isLong(half)
        ? Decoder.decode(fetchHalf(address + 2) << 16 | half)
        : CompressedDecoder.decode(half);
  }

  /** The bits of an instruction, as {@code mtval} shows them. */
  int raw(long address, int length) {
    int half = fetchHalf(address);
    return length == 2 ? half : fetchHalf(address + 2) << 16 | half;
  }

  private int fetchHalf(long address) {
    long physical = translation.reach(address, 2, Use.FETCH, state.mode);
    int half = (int) reader.fetch(space, physical, 2);
    if (!reader.lastResult().isOk()) {
      throw trap.of(Cause.FETCH_ACCESS, address);
    }
    return half;
  }
}
