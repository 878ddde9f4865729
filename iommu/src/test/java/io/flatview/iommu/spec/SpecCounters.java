package io.flatview.iommu.spec;

import static io.flatview.iommu.spec.SpecWalker.bits;

import java.util.Arrays;
import java.util.List;

/** The event counters: sections 5.20 to 5.23, with the table of filtering options row by row. */
final class SpecCounters {

  /** How many counters there are. */
  static final int COUNT = 7;

  private static final int NONE = -1;

  private List<Long> selectors = List.of();
  private final long[] counts = new long[COUNT];
  private boolean on;
  private int device;
  private int process;
  private int gscid;
  private int pscid;

  /** Selects the events; nothing is counted but between {@link #start} and {@link #stop}. */
  void select(List<Long> events) {
    selectors = events;
    on = false;
  }

  /** Counts from 0. */
  void start() {
    Arrays.fill(counts, 0);
    on = true;
  }

  void stop() {
    on = false;
  }

  void begin(int of, int pid) {
    device = of;
    process = pid;
    gscid = NONE;
    pscid = NONE;
  }

  /** The number, or -1 for none; so are those of the others. */
  void setProcess(int pid) {
    process = pid;
  }

  void setGuest(int id) {
    gscid = id;
  }

  void setSpace(int id) {
    pscid = id;
  }

  long count(int counter) {
    return counts[counter];
  }

  /** An event has come to pass. */
  void note(int event) {
    for (int i = 0; on && i < selectors.size(); i++) {
      if (bits(selectors.get(i), 14, 0) == event && matches(selectors.get(i), event)) {
        counts[i]++;
      }
    }
  }

  private boolean matches(long selector, int event) {
    boolean contexts = bits(selector, 62, 62) == 1;
    boolean byGroup = bits(selector, 61, 61) == 1;
    boolean byMember = bits(selector, 60, 60) == 1;
    if (!byGroup && !byMember) {
      return true;
    }
    if (contexts && (event == 1 || event == 5 || event == 6)) {
      return false;
    }
    return (!byGroup || matchesGroup(selector, contexts ? gscid : device))
        && (!byMember || (contexts ? pscid : process) == bits(selector, 35, 16));
  }

  private static boolean matchesGroup(long selector, int id) {
    long wanted = bits(selector, 59, 36);
    int masked = bits(selector, 15, 15) == 1 ? Long.numberOfTrailingZeros(~wanted) + 1 : 0;
    return id != NONE && id >>> masked == wanted >>> masked;
  }
}
