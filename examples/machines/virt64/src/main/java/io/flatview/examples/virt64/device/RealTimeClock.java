package io.flatview.examples.virt64.device;

import io.flatview.device.DeviceTimers;
import io.flatview.examples.virt64.irq.InterruptLine;
import io.flatview.memory.DeviceGuard.Locking;
import java.time.Instant;

/**
 * Goldfish's clock: nanoseconds since 1970, unsigned, with an alarm. All state, and the timer, are guarded by the
 * device's lock.
 */
public final class RealTimeClock extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x1000;

  private static final long NANOS = 1_000_000_000;

  private final InterruptLine line;
  private final DeviceTimers.Timer timer;
  private long latched;
  private long offset;
  private long alarm;
  private boolean armed;
  private boolean enabled;
  private boolean rung;

  /**
   * A clock.
   *
   * @param line the interrupt line of the clock
   * @param timers the timers for its alarm
   */
  public RealTimeClock(InterruptLine line, DeviceTimers timers) {
    super("rtc", Locking.DEVICE);
    this.line = line;
    timer = timers.timer(() -> betweenAccesses(this::ring));
  }

  private long now() {
    Instant instant = Instant.now();
    return instant.getEpochSecond() * NANOS + instant.getNano() + offset;
  }

  /** Reading the low half latches the high one. */
  @Override
  public long read(long register, int size) {
    return switch ((int) register) {
      case 0x00 -> (latched = now()) & 0xffff_ffffL;
      case 0x04 -> latched >>> 32;
      case 0x08 -> alarm & 0xffff_ffffL;
      case 0x0c -> alarm >>> 32;
      case 0x10 -> enabled ? 1 : 0;
      case 0x18 -> armed ? 1 : 0;
      default -> 0;
    };
  }

  /** Writing the low half takes effect with the high one, which is written before. */
  @Override
  public void write(long register, int size, long value) {
    long bits = value & 0xffff_ffffL;
    switch ((int) register) {
      case 0x00 -> offset += (latched & ~0xffff_ffffL | bits) - now();
      case 0x04 -> latched = bits << 32;
      case 0x08 -> arm(alarm & ~0xffff_ffffL | bits);
      case 0x0c -> alarm = bits << 32;
      case 0x10 -> enabled = bits != 0;
      case 0x14 -> disarm();
      case 0x1c -> rung = false;
      default -> { }
    }
    line.set(rung && enabled);
  }

  private void arm(long time) {
    alarm = time;
    armed = true;
    long now = now();
    timer.set(Long.compareUnsigned(time, now) <= 0 ? 0 : time - now);
  }

  private void disarm() {
    armed = false;
    timer.cancel();
  }

  /** An alarm that was set to a later time, or cleared, while this waited for the lock does not ring. */
  private void ring() {
    if (!armed) {
      return;
    }
    if (Long.compareUnsigned(alarm, now()) > 0) {
      arm(alarm);
      return;
    }
    armed = false;
    rung = true;
    line.set(enabled);
  }
}
