package io.flatview.iommu.spec;

/**
 * The process to translate an IOVA, word for word: the numbered steps of section 2.3 and its parts in the RISC-V IOMMU
 * specification 1.0, of "Virtual Address Translation Process" in the privileged architecture, and of "MSI page tables"
 * in AIA. It knows nothing of the model: no class of it, no constant, no cache and no shortcut. It is slow and simple.
 *
 * <p>Where the specification lets an implementation choose, it says here what this one chose: A and D bits are not set
 * ahead of need; addresses are checked against {@code PAS} when they are used; what a translation gives beyond
 * {@code PAS} is an access fault; a custom MSI PTE is misconfigured; a walk counts once for each entry that is asked
 * for.
 */
final class SpecWalker {

  /** A translation that ended, with what a fault record says of it. */
  private static final class Stop extends RuntimeException {

    private static final long serialVersionUID = 1;

    final int cause;
    final long iotval2;
    final boolean guest;

    Stop(int cause, long iotval2, boolean guest) {
      super(null, null, false, false);
      this.cause = cause;
      this.iotval2 = iotval2;
      this.guest = guest;
    }
  }

  /**
   * How a request ended.
   *
   * <p>A page of a NAPOT entry stands for its neighbours, whose entries must be alike and may not be: then either is
   * right.
   *
   * @param cause 0 if it was translated
   * @param iotval2 as in the record
   * @param reported whether there is a record at all
   * @param gpa the guest physical address, if there is one
   * @param spa where it leads
   * @param mrif whether {@code spa} is that of a PTE of a memory-resident interrupt file
   * @param napot whether a NAPOT entry was on the way
   */
  record Outcome(
      int cause, long iotval2, boolean reported, long gpa, long spa, boolean mrif, boolean napot) {}

  private final Image memory;
  private final long capabilities;
  private long ddtp;

  private final SpecCounters counters = new SpecCounters();

  private Request q;
  private long[] dc;
  private boolean napot;

  SpecWalker(Image memory, long capabilities) {
    this.memory = memory;
    this.capabilities = capabilities;
  }

  void setDdtp(long value) {
    ddtp = value;
  }

  /** The pattern of interrupt files' page numbers in the last request's context, 0 if there is none. */
  long pattern() {
    return dc != null && dc.length == 8 ? dc[6] : 0;
  }

  SpecCounters counters() {
    return counters;
  }

  static long bits(long value, int high, int low) {
    return value << 63 - high >>> 63 - high + low;
  }

  private boolean can(int bit) {
    return bits(capabilities, bit, bit) == 1;
  }

  private int pas() {
    return (int) bits(capabilities, 37, 32);
  }

  private boolean isReadable(long address) {
    return address >>> pas() == 0 && memory.holds(address);
  }

  private Stop stop(int cause) {
    return new Stop(cause, 0, false);
  }

  private int byKind(int execute, int read, int write) {
    return q.kind() == 'x' ? execute : q.kind() == 'r' ? read : write;
  }

  private Stop accessFault() {
    return stop(byKind(1, 5, 7));
  }

  Outcome translate(Request request) {
    q = request;
    dc = null;
    napot = false;
    long[] gpa = {0};
    counters.begin(q.device(), q.process());
    counters.note(1);
    try {
      long[] result = steps(gpa);
      return new Outcome(0, 0, false, gpa[0], result[0], result[1] == 1, napot);
    } catch (Stop end) {
      boolean always = end.cause >= 256 && end.cause <= 259;
      return new Outcome(end.cause, end.iotval2, always || !isSilent(), gpa[0], 0, false, napot);
    }
  }

  /** Whether the context of the last request says that faults are not reported. */
  boolean isSilent() {
    return dc != null && bits(dc[0], 4, 4) == 1;
  }

  private long[] steps(long[] gpa) {
    int mode = (int) bits(ddtp, 3, 0);
    if (mode == 0) {
      throw stop(256);
    }
    if (mode == 1) {
      return step20(q.iova(), false);
    }
    int[] ddi = can(22)
        ? new int[] {(int) bits(q.device(), 5, 0), (int) bits(q.device(), 14, 6), (int) bits(q.device(), 23, 15)}
        : new int[] {(int) bits(q.device(), 6, 0), (int) bits(q.device(), 15, 7), (int) bits(q.device(), 23, 16)};
    if (mode == 3 && ddi[2] != 0 || mode == 2 && (ddi[1] != 0 || ddi[2] != 0)) {
      throw stop(260);
    }
    dc = deviceContext(mode - 1, ddi);
    counters.setGuest(bits(dc[1], 63, 60) == 0 ? -1 : (int) bits(dc[1], 59, 44));
    boolean pdtv = bits(dc[0], 5, 5) == 1;
    int pdtpMode = (int) bits(dc[3], 63, 60);
    if (q.process() >= 0) {
      if (!pdtv || pdtpMode == 1 && q.process() >= 1 << 8 || pdtpMode == 2 && q.process() >= 1 << 17) {
        throw stop(260);
      }
    }
    if (!pdtv) {
      counters.setSpace((int) bits(dc[2], 31, 12));
      return step17(gpa, (int) bits(dc[3], 63, 60), bits(dc[3], 43, 0), false, false);
    }
    boolean dpe = bits(dc[0], 9, 9) == 1;
    int process = q.process() < 0 && dpe ? 0 : q.process();
    counters.setProcess(process);
    if (process < 0 || pdtpMode == 0) {
      return step17(gpa, 0, 0, false, false);
    }
    long[] pc = processContext(pdtpMode, process);
    boolean supervisor = q.process() >= 0 && q.privileged();
    if (supervisor && bits(pc[0], 1, 1) == 0) {
      throw stop(260);
    }
    counters.setSpace((int) bits(pc[0], 31, 12));
    return step17(gpa, (int) bits(pc[1], 63, 60), bits(pc[1], 43, 0), supervisor, bits(pc[0], 2, 2) == 1);
  }

  private long[] step17(long[] gpa, int mode, long ppn, boolean supervisor, boolean sum) {
    if (mode == 0) {
      counters.setSpace(-1);
    }
    counters.note(4);
    long address = mode == 0 ? q.iova() : firstStage(mode, ppn, supervisor, sum);
    gpa[0] = address;
    if (can(22) && bits(dc[4], 63, 60) != 0) {
      long mask = dc[5];
      if ((address >>> 12 & ~mask) == (dc[6] & ~mask)) {
        return msi(address, mask);
      }
    }
    return step20(secondStage(address, q.kind(), false, false), false);
  }

  private long[] step20(long address, boolean mrif) {
    if (!mrif && address >>> pas() != 0) {
      throw accessFault();
    }
    return new long[] {address, mrif ? 1 : 0};
  }

  // 2.3.1

  private long[] deviceContext(int levels, int[] ddi) {
    long a = bits(ddtp, 53, 10) << 12;
    for (int i = levels - 1; i > 0; i--) {
      long at = a + ddi[i] * 8L;
      counters.note(5);
      if (!isReadable(at)) {
        throw stop(257);
      }
      long ddte = memory.word(at);
      if (bits(ddte, 0, 0) == 0) {
        throw stop(258);
      }
      if (bits(ddte, 9, 1) != 0 || bits(ddte, 63, 54) != 0) {
        throw stop(259);
      }
      a = bits(ddte, 53, 10) << 12;
    }
    long[] found = new long[can(22) ? 8 : 4];
    counters.note(5);
    for (int i = 0; i < found.length; i++) {
      long at = a + ddi[0] * 8L * found.length + 8L * i;
      if (!isReadable(at)) {
        throw stop(257);
      }
      found[i] = memory.word(at);
    }
    if (bits(found[0], 0, 0) == 0) {
      throw stop(258);
    }
    if (isMisconfigured(found)) {
      throw stop(259);
    }
    return found;
  }

  /** 2.1.4: ATS, PRI, T2GPA, PRPR, SBE and SXL are not there, so their bits must be 0. */
  private boolean isMisconfigured(long[] found) {
    long tc = found[0];
    boolean pdtv = bits(tc, 5, 5) == 1;
    if (bits(tc, 3, 1) != 0 || bits(tc, 6, 6) != 0 || bits(tc, 11, 10) != 0 || bits(tc, 23, 12) != 0
        || bits(tc, 63, 32) != 0) {
      return true;
    }
    if (!can(24) && (bits(tc, 7, 7) == 1 || bits(tc, 8, 8) == 1)) {
      return true;
    }
    if (!pdtv && bits(tc, 9, 9) == 1) {
      return true;
    }
    int gMode = (int) bits(found[1], 63, 60);
    if (!(gMode == 0 || gMode == 8 && can(17) || gMode == 9 && can(18) || gMode == 10 && can(19))) {
      return true;
    }
    if (gMode != 0 && bits(found[1], 1, 0) != 0) {
      return true;
    }
    if (bits(found[2], 11, 0) != 0 || bits(found[2], 63, 32) != 0 || bits(found[3], 59, 44) != 0) {
      return true;
    }
    int mode = (int) bits(found[3], 63, 60);
    if (pdtv
        ? !(mode == 0 || mode == 1 && can(38) || mode == 2 && can(39) || mode == 3 && can(40))
        : !isFirstStageMode(mode)) {
      return true;
    }
    return found.length == 8 && (bits(found[4], 63, 60) > 1 || bits(found[4], 59, 44) != 0
        || bits(found[5], 63, 52) != 0 || bits(found[6], 63, 52) != 0 || found[7] != 0);
  }

  private boolean isFirstStageMode(int mode) {
    return mode == 0 || mode == 8 && can(9) || mode == 9 && can(10) || mode == 10 && can(11);
  }

  // 2.3.2

  private long[] processContext(int levels, int process) {
    int[] pdi = {(int) bits(process, 7, 0), (int) bits(process, 16, 8), (int) bits(process, 19, 17)};
    long a = bits(dc[3], 43, 0) << 12;
    for (int i = levels - 1; ; i--) {
      a = directoryPage(a);
      counters.note(6);
      if (i == 0) {
        break;
      }
      long pdte = directoryWord(a + pdi[i] * 8L);
      if (bits(pdte, 0, 0) == 0) {
        throw stop(266);
      }
      if (bits(pdte, 9, 1) != 0 || bits(pdte, 63, 54) != 0) {
        throw stop(267);
      }
      a = bits(pdte, 53, 10) << 12;
    }
    long[] pc = {directoryWord(a + pdi[0] * 16L), directoryWord(a + pdi[0] * 16L + 8)};
    if (bits(pc[0], 0, 0) == 0) {
      throw stop(266);
    }
    if (bits(pc[0], 11, 3) != 0 || bits(pc[0], 63, 32) != 0 || bits(pc[1], 59, 44) != 0
        || !isFirstStageMode((int) bits(pc[1], 63, 60))) {
      throw stop(267);
    }
    return pc;
  }

  private long directoryPage(long a) {
    try {
      return secondStage(a, 'r', true, false);
    } catch (Stop fault) {
      throw fault.guest ? fault : stop(265);
    }
  }

  private long directoryWord(long at) {
    if (!isReadable(at)) {
      throw stop(265);
    }
    return memory.word(at);
  }

  // 2.3.3

  private long[] msi(long gpa, long mask) {
    long i = 0;
    int next = 0;
    for (int bit = 0; bit < 52; bit++) {
      if (bits(mask, bit, bit) == 1) {
        i |= bits(gpa >>> 12, bit, bit) << next++;
      }
    }
    long at = bits(dc[4], 43, 0) << 12 | i * 16;
    if (!isReadable(at) || !isReadable(at + 8)) {
      throw stop(261);
    }
    long low = memory.word(at);
    long high = memory.word(at + 8);
    if (bits(low, 0, 0) == 0) {
      throw stop(262);
    }
    if (bits(low, 63, 63) == 1) {
      throw stop(263);
    }
    int m = (int) bits(low, 2, 1);
    if (m == 3) {
      if (bits(low, 9, 3) != 0 || bits(low, 62, 54) != 0) {
        throw stop(263);
      }
    } else if (m != 1 || !can(23) || bits(low, 6, 3) != 0 || bits(low, 62, 54) != 0 || bits(high, 59, 54) != 0
        || bits(high, 63, 61) != 0) {
      throw stop(263);
    }
    if (q.kind() == 'x') {
      throw stop(1);
    }
    return m == 1
        ? step20(at, true)
        : step20((bits(low, 53, 10) << 12 | bits(gpa, 11, 0)) & (1L << pas()) - 1, false);
  }

  /**
   * A store of 4 aligned bytes to a page of a memory-resident interrupt file (AIA, "MSI PTE, MRIF mode"); false for an
   * access fault.
   */
  boolean message(long pte, long offset, int data) {
    long low = memory.word(pte);
    long high = memory.word(pte + 8);
    int identity = bits(offset, 2, 2) == 1 ? Integer.reverseBytes(data) : data;
    if (bits(offset, 11, 3) != 0 || identity >>> 11 != 0) {
      return true;
    }
    long at = (bits(low, 53, 7) << 9) + identity / 64 * 16;
    if (!isReadable(at) || !Image.isRam(at)) {
      return false;
    }
    memory.store(at, memory.word(at) | 1L << identity % 64);
    long notice = bits(high, 53, 10) << 12;
    if (!isReadable(notice) || !Image.isRam(notice)) {
      return false;
    }
    memory.store(notice, memory.word(notice) >>> 32 << 32 | bits(high, 60, 60) << 10 | bits(high, 9, 0));
    return true;
  }

  // Priv, "Virtual Address Translation Process", and "Two-Stage Address Translation"

  private long firstStage(int mode, long rootPpn, boolean supervisor, boolean sum) {
    int levels = mode - 5;
    int width = 12 + 9 * levels;
    long va = q.iova();
    long upper = va >> width - 1;
    if (upper != 0 && upper != -1) {
      throw stop(byKind(12, 13, 15));
    }
    while (true) {
      long a = rootPpn << 12;
      int i = levels - 1;
      long pte;
      long at;
      while (true) {
        at = secondStage(a + bits(va, 20 + 9 * i, 12 + 9 * i) * 8, 'r', true, false);
        counters.note(7);
        if (!isReadable(at)) {
          throw accessFault();
        }
        pte = memory.word(at);
        if (isMalformed(pte)) {
          throw stop(byKind(12, 13, 15));
        }
        if (bits(pte, 1, 1) == 1 || bits(pte, 3, 3) == 1) {
          break;
        }
        if (!isPointer(pte) || --i < 0) {
          throw stop(byKind(12, 13, 15));
        }
        a = bits(pte, 53, 10) << 12;
      }
      boolean user = bits(pte, 4, 4) == 1;
      boolean privilege = supervisor ? !user || sum && q.kind() != 'x' : user;
      if (!permits(pte, q.kind()) || !privilege || isMisaligned(pte, i)) {
        throw stop(byKind(12, 13, 15));
      }
      long wanted = pte | 1 << 6 | (q.kind() == 'w' ? 1 << 7 : 0);
      if (wanted == pte) {
        return leaf(pte, i, va);
      }
      if (bits(dc[0], 8, 8) == 0) {
        throw stop(byKind(12, 13, 15));
      }
      long gpa = a + bits(va, 20 + 9 * i, 12 + 9 * i) * 8;
      long target = secondStage(gpa, 'w', true, true);
      if (!isReadable(target) || !Image.isRam(target)) {
        throw accessFault();
      }
      if (memory.word(target) == pte) {
        memory.store(target, wanted);
        return leaf(pte, i, va);
      }
    }
  }

  private boolean isMalformed(long pte) {
    return bits(pte, 0, 0) == 0
        || bits(pte, 1, 1) == 0 && bits(pte, 2, 2) == 1
        || bits(pte, 60, 54) != 0
        || bits(pte, 62, 61) != 0 && !can(15)
        || bits(pte, 62, 61) == 3;
  }

  /** For pointers, D, A and U are reserved, and so are N and PBMT. */
  private static boolean isPointer(long pte) {
    return bits(pte, 63, 61) == 0 && bits(pte, 7, 6) == 0 && bits(pte, 4, 4) == 0;
  }

  private static boolean permits(long pte, char kind) {
    return bits(pte, 1, 1) == 1 && kind == 'r' || bits(pte, 2, 2) == 1 && kind == 'w'
        || bits(pte, 3, 3) == 1 && kind == 'x';
  }

  private static boolean isMisaligned(long pte, int i) {
    if (bits(pte, 63, 63) == 1) {
      return i != 0 || bits(pte, 13, 10) != 8;
    }
    return i > 0 && bits(pte, 9 + 9 * i, 10) != 0;
  }

  private long leaf(long pte, int i, long address) {
    napot |= bits(pte, 63, 63) == 1;
    int size = bits(pte, 63, 63) == 1 ? 16 : 12 + 9 * i;
    long page = bits(pte, 53, 10) << 12;
    return page >>> size << size | bits(address, size - 1, 0);
  }

  private Stop guestFault(long gpa, boolean implicit, boolean write) {
    return new Stop(byKind(20, 21, 23), gpa & ~3L | (implicit ? 1 : 0) | (write ? 2 : 0), true);
  }

  private long secondStage(long gpa, char kind, boolean implicit, boolean write) {
    int mode = (int) bits(dc[1], 63, 60);
    if (mode == 0) {
      return gpa;
    }
    int levels = mode - 5;
    if (gpa >>> 14 + 9 * levels != 0) {
      throw guestFault(gpa, implicit, write);
    }
    while (true) {
      long a = bits(dc[1], 43, 0) << 12;
      int i = levels - 1;
      long pte;
      long at;
      while (true) {
        int high = i == levels - 1 ? 22 + 9 * i : 20 + 9 * i;
        at = a + bits(gpa, high, 12 + 9 * i) * 8;
        counters.note(8);
        if (!isReadable(at)) {
          throw accessFault();
        }
        pte = memory.word(at);
        if (isMalformed(pte)) {
          throw guestFault(gpa, implicit, write);
        }
        if (bits(pte, 1, 1) == 1 || bits(pte, 3, 3) == 1) {
          break;
        }
        if (!isPointer(pte) || --i < 0) {
          throw guestFault(gpa, implicit, write);
        }
        a = bits(pte, 53, 10) << 12;
      }
      if (!permits(pte, kind) || bits(pte, 4, 4) == 0 || isMisaligned(pte, i)) {
        throw guestFault(gpa, implicit, write);
      }
      long wanted = pte | 1 << 6 | (kind == 'w' ? 1 << 7 : 0);
      if (wanted == pte) {
        return leaf(pte, i, gpa);
      }
      if (bits(dc[0], 7, 7) == 0) {
        throw guestFault(gpa, implicit, write);
      }
      if (!Image.isRam(at)) {
        throw accessFault();
      }
      memory.store(at, wanted);
      return leaf(pte, i, gpa);
    }
  }
}
