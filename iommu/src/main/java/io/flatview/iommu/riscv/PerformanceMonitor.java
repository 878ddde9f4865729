package io.flatview.iommu.riscv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The performance monitor (sections 5.19 to 5.23): seven counters of events, and one of cycles, which are nanoseconds.
 * A walk counts once for each entry that it reads.
 *
 * <p>A device's access calls {@link #counts} first, which costs one load if no counter runs. While untranslated
 * requests are counted, the translator must see every access; so readers reuse no answer then.
 *
 * <p><b>Threading.</b> The monitor guards all fields but {@link #armed}, which is derived from them and read without
 * the monitor: an access that is under way while software selects an event may be counted or not.
 */
final class PerformanceMonitor {

  /** No event. */
  static final int NONE = 0;
  static final int UNTRANSLATED_REQUEST = 1;
  static final int TLB_MISS = 4;
  static final int DEVICE_DIRECTORY_WALK = 5;
  static final int PROCESS_DIRECTORY_WALK = 6;
  static final int FIRST_STAGE_WALK = 7;
  static final int SECOND_STAGE_WALK = 8;

  static final int OVERFLOWS = 88;
  static final int INHIBITS = 92;
  static final int CYCLES = 96;
  static final int COUNTERS = 104;
  static final int SELECTORS = 352;
  static final int END = 600;

  /** The number of counters of events. */
  static final int COUNT = 7;

  private static final int MAX_COUNT = 31;
  private static final long OVERFLOW = 1L << 63;
  private static final long EVENT = 0x7fff;

  /**
   * In nanoseconds. An overflow of cycles that is nearer than this sets an alarm; a later one is noticed when a
   * register is read.
   */
  private static final long SOON = TimeUnit.HOURS.toNanos(1);
  private static final VarHandle ARMED;

  static {
    try {
      ARMED = MethodHandles.lookup().findVarHandle(PerformanceMonitor.class, "armed", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The device and process that an event is about. Mutable scratch space of one translation at a time. */
  static final class Transaction {

    private int device;
    private boolean named;
    private int process;
    private boolean guest;
    private int gscid;
    private boolean space;
    private int pscid;

    void begin(int id, int index) {
      device = id;
      named = index != ProcessIndex.NONE;
      process = named ? ProcessIndex.process(index) : 0;
      guest = false;
      space = false;
    }

    /** Sets the process: the one that the access names, or the default of its context. */
    void ofProcess(int number) {
      named = true;
      process = number;
    }

    void ofGuest(boolean second, int number) {
      guest = second;
      gscid = number;
    }

    void inSpace(boolean first, int number) {
      space = first;
      pscid = number;
    }
  }

  private final Interrupts interrupts;
  private final Executor tasks;
  private final Runnable requestsCounted;
  private final long[] counters = new long[COUNT];
  private final long[] selectors = new long[COUNT];
  private int inhibited;
  private boolean cyclesOverflowed;

  /** The value of the clock at cycle 0, or the number of cycles while they are inhibited. */
  private long cycles;

  /** The number of times that the cycles were set; an alarm of an earlier setting does nothing. */
  private int settings;

  /**
   * Completes when the cycles overflow, if that is soon. At most one alarm is pending, however often a guest sets the
   * cycles.
   */
  private CompletableFuture<Void> alarm = CompletableFuture.completedFuture(null);

  /** The events that some counter waits for, as bits. */
  private volatile int armed;

  /**
   * A monitor after reset; {@code requestsCounted} is called when requests begin to be counted, and takes kept answers
   * from readers.
   */
  PerformanceMonitor(Interrupts interrupts, Executor tasks, Runnable requestsCounted) {
    this.interrupts = interrupts;
    this.tasks = tasks;
    this.requestsCounted = requestsCounted;
    this.cycles = System.nanoTime();
  }

  /** Whether some counter waits for an event. */
  boolean counts(int event) {
    return ((int) ARMED.getOpaque(this) >>> event & 1) != 0;
  }

  void count(int event, Transaction by) {
    if (counts(event) && advance(event, by)) {
      interrupts.raise(Interrupts.PERFORMANCE);
      interrupts.deliver();
    }
  }

  /** Increments the counters that wait for an event of that transaction; true if one overflowed that had not before. */
  private synchronized boolean advance(int event, Transaction by) {
    boolean overflowed = false;
    for (int i = 0; i < COUNT; i++) {
      if (isActive(i) && (selectors[i] & EVENT) == event && matches(selectors[i], event, by) && ++counters[i] == 0) {
        overflowed |= (selectors[i] & OVERFLOW) == 0;
        selectors[i] |= OVERFLOW;
      }
    }
    return overflowed;
  }

  private boolean isActive(int counter) {
    return (inhibited >>> counter + 1 & 1) == 0;
  }

  // Filters, 5.23

  private static boolean isSet(long selector, int bit) {
    return (selector >>> bit & 1) != 0;
  }

  private static boolean matches(long selector, int event, Transaction by) {
    boolean byProcess = isSet(selector, 60);
    boolean byDevice = isSet(selector, 61);
    if (!byProcess && !byDevice) {
      return true;
    }
    boolean contexts = isSet(selector, 62);
    if (contexts && event != TLB_MISS && event != FIRST_STAGE_WALK && event != SECOND_STAGE_WALK) {
      return false;
    }
    return (!byDevice || matchesDevice(selector, contexts, by))
        && (!byProcess || matchesProcess(selector, contexts, by));
  }

  private static boolean matchesDevice(long selector, boolean contexts, Transaction by) {
    int wanted = (int) (selector >>> 36) & 0xff_ffff;
    int id = contexts ? by.gscid : by.device;
    int ignored = isSet(selector, 15) ? wanted ^ wanted + 1 : 0;
    return (!contexts || by.guest) && ((wanted ^ id) & 0xff_ffff & ~ignored) == 0;
  }

  private static boolean matchesProcess(long selector, boolean contexts, Transaction by) {
    boolean valid = contexts ? by.space : by.named;
    int id = contexts ? by.pscid : by.process;
    return valid && ((selector >>> 16 ^ id) & 0xf_ffff) == 0;
  }

  // Registers

  /** The doubleword at an offset from {@link #OVERFLOWS} inclusive to {@link #END} exclusive. */
  synchronized long read(int offset) {
    if (offset == OVERFLOWS) {
      return (long) inhibited << 32 | overflows();
    }
    if (offset == CYCLES) {
      return cycles() | (cyclesOverflowed ? OVERFLOW : 0);
    }
    int counter = (offset - COUNTERS) / 8;
    if (counter < MAX_COUNT) {
      return counter < COUNT ? counters[counter] : 0;
    }
    int selector = counter - MAX_COUNT;
    return selector < COUNT ? selectors[selector] : 0;
  }

  private int overflows() {
    cycles();
    int bits = cyclesOverflowed ? 1 : 0;
    for (int i = 0; i < COUNT; i++) {
      bits |= (int) (selectors[i] >>> 63) << i + 1;
    }
    return bits;
  }

  void write(int offset, long value) {
    boolean sawRequests = counts(UNTRANSLATED_REQUEST);
    set(offset, value);
    if (!sawRequests && counts(UNTRANSLATED_REQUEST)) {
      requestsCounted.run();
    }
  }

  private synchronized void set(int offset, long value) {
    int counter = (offset - COUNTERS) / 8;
    if (offset == OVERFLOWS) {
      inhibit((int) (value >>> 32) & (2 << COUNT) - 1);
    } else if (offset == CYCLES) {
      cyclesOverflowed = value < 0;
      setCycles(value & ~OVERFLOW);
    } else if (counter < COUNT) {
      counters[counter] = value;
    } else if (counter >= MAX_COUNT && counter < MAX_COUNT + COUNT) {
      selectors[counter - MAX_COUNT] = value;
    }
    arm();
  }

  private void arm() {
    int events = 0;
    for (int i = 0; i < COUNT; i++) {
      long event = selectors[i] & EVENT;
      if (isActive(i) && event != NONE && event <= SECOND_STAGE_WALK) {
        events |= 1 << event;
      }
    }
    armed = events;
  }

  private void inhibit(int counterBits) {
    long present = cycles();
    inhibited = counterBits;
    setCycles(present);
  }

  // Cycles

  private boolean areCyclesInhibited() {
    return (inhibited & 1) != 0;
  }

  /** The present number of cycles, 63 bits; notes an overflow since the last call. */
  private long cycles() {
    if (areCyclesInhibited()) {
      return cycles;
    }
    long present = System.nanoTime() - cycles;
    if (present < 0) {
      cycles += OVERFLOW;
      present &= ~OVERFLOW;
      if (!cyclesOverflowed) {
        cyclesOverflowed = true;
        interrupts.raise(Interrupts.PERFORMANCE);
      }
    }
    return present;
  }

  private void setCycles(long value) {
    cancelAlarm();
    if (areCyclesInhibited()) {
      cycles = value;
      return;
    }
    cycles = System.nanoTime() - value;
    long left = Long.MAX_VALUE - value;
    if (left < SOON) {
      setAlarm(left + 1);
    }
  }

  private void cancelAlarm() {
    settings++;
    alarm.cancel(false);
  }

  private void setAlarm(long nanos) {
    int setting = settings;
    alarm = new CompletableFuture<Void>().completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
    alarm.thenRunAsync(() -> ring(setting), tasks);
  }

  private void ring(int setting) {
    if (look(setting)) {
      interrupts.deliver();
    }
  }

  private synchronized boolean look(int setting) {
    boolean due = setting == settings;
    if (due) {
      cycles();
    }
    return due;
  }

  synchronized void reset() {
    Arrays.fill(counters, 0);
    Arrays.fill(selectors, 0);
    inhibited = 0;
    cancelAlarm();
    cyclesOverflowed = false;
    cycles = System.nanoTime();
    arm();
  }

  /** Cancels the alarm. The guest sets another one if it sets the cycles again. */
  synchronized void close() {
    cancelAlarm();
  }
}
