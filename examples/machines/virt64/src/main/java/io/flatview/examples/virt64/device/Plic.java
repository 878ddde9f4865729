package io.flatview.examples.virt64.device;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.InterruptLine;
import io.flatview.memory.DeviceGuard.Locking;
import java.util.List;

/**
 * The platform-level interrupt controller: 95 sources; two contexts a hart, machine mode first.
 *
 * <p>A source becomes pending when its device raises the line, also if that is high or claimed already, and not when it
 * is completed while its line is high. So does QEMU's, and there are kernels that count on it: they complete an
 * interrupt whose cause they leave alone.
 *
 * <p>All state is guarded by the device's lock; only the harts' ports are called under it, which take no lock.
 */
public final class Plic extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x60_0000;

  /** Sources, of which number 0 does not exist. */
  public static final int SOURCES = 96;

  private static final int MAX_PRIORITY = 7;
  private static final int PENDING = 0x1000;
  private static final int ENABLE = 0x2000;
  private static final int ENABLE_STRIDE = 0x80;
  private static final int CONTEXT = 0x20_0000;
  private static final int CONTEXT_STRIDE = 0x1000;
  private static final int WORDS = SOURCES / 32;

  private final List<HartPort> harts;
  private final int contexts;
  private final int[] priority = new int[SOURCES];
  private final boolean[] pending = new boolean[SOURCES];
  private final boolean[] claimed = new boolean[SOURCES];
  private final int[][] enabled;
  private final int[] threshold;

  /**
   * A PLIC.
   *
   * @param harts the ports of the harts, by number of the hart
   */
  public Plic(List<HartPort> harts) {
    super("plic", Locking.DEVICE);
    this.harts = harts;
    contexts = 2 * harts.size();
    enabled = new int[contexts][WORDS];
    threshold = new int[contexts];
  }

  /**
   * The wire of a source.
   *
   * @param source its number, 1 to 95
   * @return sets the level
   */
  public InterruptLine line(int source) {
    return high -> {
      if (high) {
        betweenAccesses(() -> raise(source));
      }
    };
  }

  private void raise(int source) {
    pending[source] = true;
    update();
  }

  private void update() {
    for (int context = 0; context < contexts; context++) {
      int bit = (context & 1) == 0 ? HartPort.MACHINE_EXTERNAL : HartPort.SUPERVISOR_EXTERNAL;
      harts.get(context / 2).set(bit, best(context) != 0);
    }
  }

  /** The pending source of the highest priority above the threshold; of equals, the lowest number. */
  private int best(int context) {
    int best = 0;
    int above = threshold[context];
    for (int source = 1; source < SOURCES; source++) {
      boolean waits = pending[source] && !claimed[source];
      if (waits && priority[source] > above && isEnabled(context, source)) {
        best = source;
        above = priority[source];
      }
    }
    return best;
  }

  private boolean isEnabled(int context, int source) {
    return (enabled[context][source / 32] >>> source % 32 & 1) != 0;
  }

  @Override
  public long read(long offset, int size) {
    int at = (int) offset & ~3;
    if (at < PENDING) {
      return at / 4 < SOURCES ? priority[at / 4] : 0;
    }
    if (at < ENABLE) {
      return (at - PENDING) / 4 < WORDS ? pendingWord((at - PENDING) / 4) : 0;
    }
    if (at < CONTEXT) {
      int context = (at - ENABLE) / ENABLE_STRIDE;
      int word = (at - ENABLE) % ENABLE_STRIDE / 4;
      return context < contexts && word < WORDS ? enabled[context][word] : 0;
    }
    return readContext((at - CONTEXT) / CONTEXT_STRIDE, (at - CONTEXT) % CONTEXT_STRIDE);
  }

  private long pendingWord(int word) {
    long bits = 0;
    for (int i = 0; i < 32; i++) {
      bits |= pending[word * 32 + i] ? 1L << i : 0;
    }
    return bits;
  }

  private long readContext(int context, int register) {
    if (context >= contexts) {
      return 0;
    }
    return switch (register) {
      case 0 -> threshold[context];
      case 4 -> claim(context);
      default -> 0;
    };
  }

  private long claim(int context) {
    int source = best(context);
    if (source != 0) {
      pending[source] = false;
      claimed[source] = true;
      update();
    }
    return source;
  }

  @Override
  public void write(long offset, int size, long value) {
    int at = (int) offset & ~3;
    if (at < PENDING) {
      if (at / 4 < SOURCES) {
        priority[at / 4] = (int) value & MAX_PRIORITY;
      }
    } else if (at >= CONTEXT) {
      writeContext((at - CONTEXT) / CONTEXT_STRIDE, (at - CONTEXT) % CONTEXT_STRIDE, (int) value);
    } else if (at >= ENABLE) {
      enable((at - ENABLE) / ENABLE_STRIDE, (at - ENABLE) % ENABLE_STRIDE / 4, (int) value);
    }
    update();
  }

  private void enable(int context, int word, int bits) {
    if (context < contexts && word < WORDS) {
      enabled[context][word] = word == 0 ? bits & ~1 : bits;
    }
  }

  private void writeContext(int context, int register, int value) {
    if (context >= contexts) {
      return;
    }
    if (register == 0) {
      threshold[context] = value & MAX_PRIORITY;
    } else if (register == 4) {
      complete(context, value);
    }
  }

  private void complete(int context, int source) {
    if (source > 0 && source < SOURCES && isEnabled(context, source)) {
      claimed[source] = false;
    }
  }
}
