package io.flatview.examples.bench.translate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The three safe ways for a reader to get the root of a table and the storage that it leads into, as a pair. Each step
 * of a walk ends in one load from the storage.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Publication {

  private static final int ENTRIES = 512;
  private static final int ROOT = 17;

  private record Pair(int root, int[] table) {}

  private static final VarHandle PAIR = handle("pair", Object.class);
  private static final VarHandle SEQUENCE = handle("sequence", long.class);
  private static final VarHandle SINGLE = handle("single", int.class);

  private final int[] storage = new int[ENTRIES];

  // Accessed through the handles of the same names, but for initial values.
  private Object pair = new Pair(ROOT, storage);
  private long sequence;
  private int single = ROOT;

  // Of the pair that the sequence guards.
  private int root = ROOT;
  private int[] table = storage;

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Publication.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * One pointer to an immutable pair (SEED's idiom 4).
   *
   * @return the entry at the root
   */
  @Benchmark
  public int onePointer() {
    Pair seen = (Pair) PAIR.getAcquire(this);
    return seen.table[seen.root];
  }

  /**
   * Two words between two looks at a sequence (idioms 5 and 6).
   *
   * @return the entry at the root
   */
  @Benchmark
  public int sequencePair() {
    while (true) {
      long before = (long) SEQUENCE.getAcquire(this);
      int seenRoot = root;
      int[] seenTable = table;
      // No load above may be made after the second look.
      VarHandle.loadLoadFence();
      if ((before & 1) == 0 && before == (long) SEQUENCE.getOpaque(this)) {
        return seenTable[seenRoot];
      }
    }
  }

  /**
   * A root into storage that is only appended to and never moves (idiom 7).
   *
   * @return the entry at the root
   */
  @Benchmark
  public int singleRoot() {
    return storage[(int) SINGLE.getAcquire(this)];
  }
}
