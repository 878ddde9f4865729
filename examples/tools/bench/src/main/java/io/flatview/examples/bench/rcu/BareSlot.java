package io.flatview.examples.bench.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The least that a section can be, written out by hand in one place: no policy, no reader, no writer that looks. It is
 * the floor of what an implementation can reach on a machine.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BareSlot {

  private static final VarHandle SLOT;

  static {
    try {
      SLOT = MethodHandles.lookup().findVarHandle(BareSlot.class, "slot", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AtomicReference<Item> pointer = new AtomicReference<>(new Item(42));
  private final AtomicLong epoch = new AtomicLong(1);

  /** Accessed through SLOT only. */
  private long slot;

  /**
   * Of the epoch flavour: a number into the slot, and 0. No nesting, no check of any kind.
   *
   * @return what was read
   */
  @Benchmark
  public int epoch() {
    SLOT.setOpaque(this, epoch.getAcquire());
    int value = pointer.getAcquire().value();
    SLOT.setRelease(this, 0L);
    return value;
  }

  /**
   * The same, and sections nest: the slot counts them.
   *
   * @return what was read
   */
  @Benchmark
  public int nestingEpoch() {
    long before = slot;
    SLOT.setOpaque(this, before == 0 ? epoch.getAcquire() : before + 1);
    int value = pointer.getAcquire().value();
    long inside = slot;
    SLOT.setRelease(this, (inside & 0xFFFF) == 1 ? 0L : inside - 1);
    return value;
  }

  /**
   * Of the refcount flavour: an atomic instruction, which is the reader's fence, and 0.
   *
   * @return what was read
   */
  @Benchmark
  public int exchange() {
    SLOT.getAndSet(this, 1L);
    int value = pointer.getAcquire().value();
    SLOT.setRelease(this, 0L);
    return value;
  }
}
