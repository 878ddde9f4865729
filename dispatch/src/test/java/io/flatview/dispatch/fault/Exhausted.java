package io.flatview.dispatch.fault;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Runs in a JVM of its own, with a small heap and small stacks, and has operations fail for want of one or the other.
 * Prints how many trials failed and how many passed; ends with 1 if something was wrong.
 */
final class Exhausted {

  private static final int LARGEST = 1 << 14;
  private static final int PIECES = 18;
  private static final long STACK_BYTES = 256 << 10;
  private static final int PER_WORLD = 20;

  private final Random random;
  private final boolean heap;
  private Object[] ballast;
  private int left;
  private int failed;
  private int passed;

  private Exhausted(long seed, boolean heap) {
    this.random = new Random(seed);
    this.heap = heap;
  }

  /** Arguments: {@code heap} or {@code stack}, the number of trials, and a seed. */
  public static void main(String[] arguments) {
    Exhausted exhausted = new Exhausted(Long.parseLong(arguments[2]), arguments[0].equals("heap"));
    boolean sound = exhausted.run(Integer.parseInt(arguments[1]));
    System.out.println(arguments[0] + ": " + exhausted.failed + " failed, " + exhausted.passed + " passed");
    System.exit(sound ? 0 : 1);
  }

  private boolean run(int trials) {
    for (int done = 0; done < trials; done += PER_WORLD) {
      if (!runWorld(Math.min(PER_WORLD, trials - done))) {
        return false;
      }
    }
    return true;
  }

  private boolean runWorld(int trials) {
    World world = World.of(random.nextInt(1_000_000), Exhausted.class.getClassLoader());
    for (int i = 0; i < trials; i++) {
      Sweep sweep;
      do {
        sweep = new Sweep(world, new Operations(world).any(), new TreeMap<>());
      } while (!sweep.learn());
      List<String> failures = sweep.once(heap ? this::withoutHeap : this::withoutStack);
      failures.forEach(System.out::println);
      if (!failures.isEmpty()) {
        return false;
      }
    }
    world.close();
    return true;
  }

  private Throwable count(Throwable thrown) {
    if (thrown instanceof StackOverflowError || thrown instanceof OutOfMemoryError) {
      failed++;
    } else {
      passed++;
    }
    return thrown;
  }

  /** Leaves the room of some pieces of ballast: from nothing to some hundred kilobytes. */
  private Throwable withoutHeap(Runnable operation) {
    fill();
    for (int pieces = random.nextInt(PIECES); pieces > 0 && ballast != null; pieces--) {
      ballast = (Object[]) ballast[0];
    }
    Throwable thrown = attempt(operation);
    ballast = null;
    return count(thrown);
  }

  /** A chain of smaller and smaller pieces, since a list would need room itself. */
  private void fill() {
    for (int size = LARGEST; size > 1; ) {
      try {
        Object[] piece = new Object[size];
        piece[0] = ballast;
        ballast = piece;
      } catch (OutOfMemoryError e) {
        size /= 4;
      }
    }
  }

  private static Throwable attempt(Runnable operation) {
    try {
      operation.run();
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /** Makes the operation as many calls from the end of the stack. */
  private Throwable withoutStack(Runnable operation) {
    left = random.nextInt(random.nextBoolean() ? 40 : 400);
    Throwable[] thrown = new Throwable[1];
    Thread deep = new Thread(null, () -> dive(() -> thrown[0] = attempt(operation)), "deep", STACK_BYTES);
    deep.start();
    try {
      deep.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return count(thrown[0]);
  }

  /** How many calls deep the stack went from here. */
  private int dive(Runnable work) {
    int deeper = 0;
    try {
      deeper = dive(work) + 1;
    } catch (StackOverflowError e) {
      // This call is the last.
    }
    if (deeper == left) {
      work.run();
    }
    return deeper;
  }
}
