package io.flatview.examples.virt64.device;

/** Takes what a machine prints, as fast as it can. Thread-safe. */
@FunctionalInterface
public interface ConsoleSink {

  /**
   * Takes a byte, and does not wait. Without room it is lost.
   *
   * @param value the byte, 0 to 255
   */
  void accept(int value);

  /**
   * Whether the next byte would be taken. A guest that waits for that loses nothing.
   *
   * @return false while what was printed before waits for the host
   */
  default boolean hasRoom() {
    return true;
  }
}
