package io.flatview.examples.virt64.pci;

import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.DeviceGuard.Locking;
import java.util.concurrent.ThreadLocalRandom;

/** A source of random numbers: every register is one. Has no state; any thread may call it. */
public final class RandomDevice extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 4096;

  /** A source. */
  public RandomDevice() {
    super("random", Locking.OWN);
  }

  @Override
  public long read(long offset, int size) {
    return ThreadLocalRandom.current().nextLong();
  }

  @Override
  public void write(long offset, int size, long value) {
    // There is nothing to set.
  }
}
