package io.flatview.iommu.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Makes tables that mostly lead somewhere: contexts, directories, both stages, MSI tables; and some bits go wrong. */
final class Generator {

  private static final long V = 1;
  private static final long R = 2;
  private static final long W = 4;
  private static final long X = 8;
  private static final long U = 16;
  private static final long A = 64;
  private static final long D = 128;
  private static final long[] OFFSETS = {0, 1L << 30, 3L << 30, 0x2000_0000L};

  private final Random random;
  private final TreeMap<Long, Long> words = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Long> samples = new ArrayList<>();
  private final List<Long> guestPages = new ArrayList<>();
  private final int machine;
  private final boolean mirrored;

  /** Frames that are taken; the first four are for roots of the second stage. */
  private int frames = 4;

  private int device;
  private int[] processes;
  private int secondLevels;
  private long secondRoot;
  private long gscid;
  private long offset;
  private boolean directory;

  Generator(Random random, int machine) {
    this.random = random;
    this.machine = machine;
    this.mirrored = random.nextInt(8) == 0;
  }

  private boolean in(int many) {
    return random.nextInt(many) == 0;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A frame of its own, now and then one that is taken, one in ROM, one far away or none at all. */
  private long frame() {
    int what = mirrored ? 1000 : random.nextInt(1000);
    if (what < 12) {
      return Image.RAM + 4096L * random.nextInt(frames);
    }
    if (what < 20) {
      return Image.ROM + 4096L * random.nextInt(Image.ROM_FRAMES);
    }
    if (what < 24) {
      return 0x4000_0000L << random.nextInt(20);
    }
    if (what < 30) {
      return Image.FAR + Image.RAM + 4096L * random.nextInt(Image.RAM_FRAMES);
    }
    return Image.RAM + 4096L * (frames < Image.RAM_FRAMES ? frames++ : 4 + random.nextInt(Image.RAM_FRAMES - 4));
  }

  private void lay(long address, long value) {
    if (Image.isRam(address) || Image.isRom(address)) {
      words.put(Image.near(address), value);
    }
  }

  private long word(long address) {
    return words.getOrDefault(Image.near(address), 0L);
  }

  Case make() {
    device = new int[] {0x2a, 0x1f05, 0x12_3405}[random.nextInt(3)];
    processes = new int[] {0, 1, random.nextInt(256), random.nextInt(1 << 17), random.nextInt(1 << 20)};
    int mode = in(50) ? random.nextInt(2)
        : device < 64 ? 2 + random.nextInt(3) : device < 0x8000 ? 3 + random.nextInt(2) : 4;
    if (in(50)) {
      mode = random.nextInt(5);
    }
    long root = frame();
    directories(mode, root);
    for (int i = 0; i < 12; i++) {
      requests.add(request());
    }
    flips();
    return new Case(machine, root >>> 2 | mode, words, requests, mirrored, in(4) ? selectors() : List.of());
  }

  /** Filters that let something by, mostly. */
  private List<Long> selectors() {
    List<Long> selectors = new ArrayList<>();
    for (int i = 0; i < SpecCounters.COUNT; i++) {
      long event = in(10) ? random.nextInt(1 << 15) : new int[] {1, 4, 5, 6, 7, 8}[random.nextInt(6)];
      boolean contexts = in(4);
      long id = in(4) ? random.nextInt(1 << 24) : contexts ? gscid : device;
      long process = in(4) ? random.nextInt(1 << 20) : in(2) ? 0 : processes[random.nextInt(processes.length)];
      selectors.add(event | (in(4) ? (1L << random.nextInt(9)) - 1 << 36 | 1 << 15 : 0) | id << 36 | process << 16
          | (in(3) ? 1L << 60 : 0) | (in(3) ? 1L << 61 : 0) | (contexts ? 1L << 62 : 0) | (in(8) ? 1L << 63 : 0));
    }
    return selectors;
  }

  private void directories(int mode, long root) {
    boolean base = machine == 2;
    int leafBits = base ? 7 : 6;
    long table = root;
    for (int level = mode - 2; level > 0; level--) {
      long next = frame();
      lay(table + 8L * (device >>> leafBits + 9 * (level - 1) & 0x1ff), next >>> 2 | valid());
      table = next;
    }
    long[] context = context(base);
    long at = table + 8L * context.length * (device & (1 << leafBits) - 1);
    for (int i = 0; i < context.length; i++) {
      lay(at + 8L * i, context[i]);
    }
  }

  private long valid() {
    return in(150) ? 0 : 1;
  }

  private long[] context(boolean base) {
    long[] context = new long[base ? 4 : 8];
    directory = in(3);
    context[0] = valid() | (in(12) ? 1 << 4 : 0) | (directory ? 1 << 5 : 0) | (in(3) ? 1 << 7 : 0)
        | (in(3) ? 1 << 8 : 0) | (directory && in(3) ? 1 << 9 : 0);
    secondLevels = in(2) ? 0 : mode();
    if (secondLevels > 0) {
      secondRoot = Image.RAM;
      offset = OFFSETS[random.nextInt(OFFSETS.length)];
      gscid = random.nextInt(1 << 16);
      context[1] = 5L + secondLevels << 60 | gscid << 44 | secondRoot >>> 12;
    }
    context[2] = (long) random.nextInt(1 << 20) << 12;
    context[3] = directory ? processDirectory() : firstStage();
    if (!base && in(2)) {
      interruptFiles(context);
    }
    return context;
  }

  private int mode() {
    return 3 + random.nextInt(3);
  }

  /** A guest physical address of a frame, mapped by the second stage nearly always. */
  private long guest(long frame) {
    long gpa = frame + offset;
    if (!in(120)) {
      second(gpa, frame);
    }
    return gpa;
  }

  private void second(long gpa, long target) {
    if (secondLevels == 0) {
      return;
    }
    long table = secondRoot;
    int last = in(2) ? 0 : random.nextInt(Math.min(3, secondLevels));
    for (int level = secondLevels - 1; ; level--) {
      int bits = level == secondLevels - 1 ? 11 : 9;
      long entry = table + 8 * (gpa >>> 12 + 9 * level & (1 << bits) - 1);
      long present = word(entry);
      long size = 1L << 12 + 9 * level;
      if ((present & 1) != 0 && (present & 10) == 0 && level > 0) {
        table = present >>> 10 << 12;
      } else if (level == 0 || level <= last && (target - gpa & size - 1) == 0) {
        lay(entry, leaf(target & -size, level));
        return;
      } else {
        long next = frame();
        lay(entry, next >>> 2 | valid());
        table = next;
      }
    }
  }

  private long leaf(long target, int level) {
    long flags = V | R | W | U | A | D;
    flags |= in(2) ? X : 0;
    for (long bit : new long[] {R, W, U, A, D, A | D, W | D, R | W}) {
      flags &= in(bit == A || bit == D ? 10 : 40) ? ~bit : -1;
    }
    flags &= in(150) ? ~V : -1;
    long pte = target >>> 2 & (1L << 54) - 1 | flags;
    if (level == 0 && in(30)) {
      pte = pte & ~(0xfL << 10) | (in(5) ? 4L : 8L) << 10 | 1L << 63;
    }
    pte |= in(40) ? (long) random.nextInt(4) << 61 : 0;
    return pte;
  }

  private long firstStage() {
    if (in(4)) {
      for (int i = 0; i < 4; i++) {
        long gpa = in(4) ? random.nextLong() : (random.nextLong() & 0x1ff_ffff_f000L);
        samples.add(gpa);
        guestPages.add(gpa);
        second(gpa, Image.RAM + 4096L * random.nextInt(Image.RAM_FRAMES));
      }
      return 0;
    }
    int levels = mode();
    long root = frame();
    for (int i = 0; i < 4; i++) {
      first(levels, root);
    }
    return 5L + levels << 60 | guest(root) >>> 12;
  }

  private void first(int levels, long root) {
    int width = 12 + 9 * levels;
    long iova = random.nextLong() << 64 - width >> 64 - width;
    if (!samples.isEmpty() && in(2)) {
      iova = one(samples) ^ random.nextInt(512) * 0x1000L << (in(3) ? 9 : 0);
    }
    samples.add(iova);
    long table = root;
    int last = in(2) ? 0 : random.nextInt(Math.min(3, levels));
    for (int level = levels - 1; ; level--) {
      long entry = table + 8 * (iova >>> 12 + 9 * level & 0x1ff);
      long present = word(entry);
      if (level > 0 && (present & 1) != 0 && (present & 10) == 0) {
        table = unguest(present >>> 10 << 12);
      } else if (level <= last) {
        lay(entry, leaf(target(level), level));
        return;
      } else {
        long next = frame();
        lay(entry, guest(next) >>> 2 | valid());
        table = next;
      }
    }
  }

  private long unguest(long gpa) {
    return gpa - offset;
  }

  private long target(int level) {
    long size = 1L << 12 + 9 * level;
    long frame = in(8)
        ? random.nextLong() >>> 8 + random.nextInt(30)
        : Image.RAM + 4096L * random.nextInt(Image.RAM_FRAMES);
    long gpa = secondLevels > 0 ? frame + offset & -size : frame & -size;
    guestPages.add(gpa);
    if (secondLevels > 0) {
      for (int i = 0; i < 3; i++) {
        long page = gpa + (random.nextInt(8) * 0x1000L & size - 1);
        second(page, page - offset);
      }
    }
    return in(80) ? gpa ^ 0x1000 : gpa;
  }

  private long processDirectory() {
    int levels = 1 + random.nextInt(3);
    if (in(8)) {
      return in(3) ? (long) random.nextInt(16) << 60 : 0;
    }
    long root = frame();
    for (int process : processes) {
      long table = root;
      for (int level = levels - 1; level > 0; level--) {
        long entry = table + 8L * (process >>> 8 + 9 * (level - 1) & 0x1ff);
        long present = word(entry);
        if ((present & 1) != 0) {
          table = unguest(present >>> 10 << 12);
        } else {
          long next = frame();
          lay(entry, guest(next) >>> 2 | valid());
          table = next;
        }
      }
      long at = table + 16L * (process & 0xff);
      lay(at, valid() | (in(2) ? 2 : 0) | (in(2) ? 4 : 0) | (long) random.nextInt(1 << 20) << 12);
      lay(at + 8, firstStage());
    }
    return (long) levels << 60 | guest(root) >>> 12;
  }

  private void interruptFiles(long[] context) {
    long mask = new long[] {0, 0, 1, 0xb, 0xf, random.nextInt(1 << 12)}[random.nextInt(6)];
    long table = frame();
    long page = guestPages.isEmpty() ? random.nextLong() >>> 30 : one(guestPages) >>> 12;
    context[4] = 1L << 60 | table >>> 12;
    context[5] = mask;
    context[6] = (page ^ random.nextInt(8)) & (1L << 52) - 1;
    for (int i = 0; i < 16; i++) {
      long mode = in(8) ? random.nextInt(4) : in(4) ? 1 : 3;
      long address = Image.RAM + 4096L * random.nextInt(Image.RAM_FRAMES) + (in(10) ? Image.FAR : 0);
      lay(table + 16 * i, address >>> 2 | mode << 1 | valid());
      lay(table + 16 * i + 8, mode == 1 ? notice() : in(2) ? 0 : random.nextLong());
    }
    for (int i = 0; i < 4; i++) {
      samples.add((context[6] ^ i << random.nextInt(3)) << 12);
    }
  }

  /** Where the notice of an interrupt file goes, and which. */
  private long notice() {
    long page = Image.RAM + 4096L * random.nextInt(Image.RAM_FRAMES) + (in(6) ? Image.FAR : 0);
    return page >>> 2 | random.nextInt(1 << 10) | (long) random.nextInt(2) << 60;
  }

  private Request request() {
    long iova = samples.isEmpty() || in(40) ? random.nextLong() : one(samples);
    if (in(6)) {
      iova ^= random.nextInt(16) * 0x1000L;
    }
    if (in(40)) {
      iova ^= 1L << random.nextInt(64);
    }
    int process = in(directory ? 4 : 20) == directory ? -1 : in(10) ? random.nextInt(1 << 20)
        : processes[random.nextInt(processes.length)];
    int id = in(60) ? device ^ 1 << random.nextInt(24) : device;
    return new Request(id, process, process >= 0 && in(3), "rwx".charAt(random.nextInt(3)),
        iova & -0x1000 | random.nextInt(4096));
  }

  private void flips() {
    if (words.isEmpty() || in(2)) {
      return;
    }
    List<Long> addresses = List.copyOf(words.keySet());
    for (int i = random.nextInt(3); i >= 0; i--) {
      words.merge(one(addresses), 1L << random.nextInt(64), (word, bit) -> word ^ bit);
    }
  }
}
