package io.flatview.examples.virt64.device;

import io.flatview.memory.DeviceGuard.Locking;

/** SiFive's test device: one register that ends the run. Has no state; any thread may call it. */
public final class TestFinisher extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x1000;

  /** Off, with success. */
  public static final int PASS = 0x5555;

  /** Off, with the code in the upper half-word. */
  public static final int FAIL = 0x3333;

  /** Reset. */
  public static final int RESET = 0x7777;

  private final PowerSwitch power;

  /**
   * A finisher.
   *
   * @param power the switch that it uses
   */
  public TestFinisher(PowerSwitch power) {
    super("finisher", Locking.OWN);
    this.power = power;
  }

  @Override
  public long read(long offset, int size) {
    return 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset != 0) {
      return;
    }
    switch ((int) value & 0xffff) {
      case PASS -> power.end(PowerSwitch.Reason.OFF, 0);
      case FAIL -> power.end(PowerSwitch.Reason.OFF, Math.max(1, value >>> 16 & 0xffff));
      case RESET -> power.end(PowerSwitch.Reason.RESET, 0);
      default -> { }
    }
  }
}
