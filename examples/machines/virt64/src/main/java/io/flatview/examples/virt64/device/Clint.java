package io.flatview.examples.virt64.device;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.Timebase;
import io.flatview.memory.DeviceGuard.Locking;
import java.util.List;

/**
 * The core-local interruptor: software interrupts, and a timer for each hart. Its registers are the harts' ports, which
 * guard themselves; halves of a comparator are put together under the monitor.
 */
public final class Clint extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x10000;

  private static final int SOFTWARE_END = 0x4000;
  private static final int TIME = 0xbff8;

  private final List<HartPort> harts;
  private final Timebase timebase;

  /**
   * A CLINT.
   *
   * @param harts the ports of the harts, by number of the hart
   * @param timebase the clock
   */
  public Clint(List<HartPort> harts, Timebase timebase) {
    super("clint", Locking.OWN);
    this.harts = harts;
    this.timebase = timebase;
  }

  @Override
  public long read(long offset, int size) {
    long register = register((int) offset & ~7);
    return register >>> 8 * (offset & 7);
  }

  private long register(int offset) {
    if (offset == TIME) {
      return timebase.now();
    }
    if (offset < SOFTWARE_END) {
      return software(offset / 4) | software(offset / 4 + 1) << 32;
    }
    int hart = (offset - SOFTWARE_END) / 8;
    return hart < harts.size() ? harts.get(hart).timeCompare() : 0;
  }

  private long software(int hart) {
    return hart < harts.size() && (harts.get(hart).lines() & HartPort.MACHINE_SOFTWARE) != 0 ? 1 : 0;
  }

  @Override
  public synchronized void write(long offset, int size, long value) {
    int at = (int) offset;
    if (at < SOFTWARE_END) {
      setSoftware(at / 4, value);
      if (size == 8) {
        setSoftware(at / 4 + 1, value >>> 32);
      }
    } else if ((at & ~7) == TIME) {
      timebase.set(merged(timebase.now(), at & 7, size, value));
    } else if ((at - SOFTWARE_END) / 8 < harts.size()) {
      HartPort hart = harts.get((at - SOFTWARE_END) / 8);
      hart.setTimeCompare(merged(hart.timeCompare(), at & 7, size, value));
    }
  }

  private void setSoftware(int hart, long value) {
    if (hart < harts.size()) {
      harts.get(hart).set(HartPort.MACHINE_SOFTWARE, (value & 1) != 0);
    }
  }

  private static long merged(long old, int at, int size, long value) {
    long mask = -1L >>> 64 - 8 * size << 8 * at;
    return old & ~mask | value << 8 * at & mask;
  }
}
