package io.flatview.examples.virt64.irq;

/** A wire from a device to an interrupt controller. Any thread may set it. */
@FunctionalInterface
public interface InterruptLine {

  /**
   * Sets the level.
   *
   * @param high whether the device wants attention
   */
  void set(boolean high);
}
