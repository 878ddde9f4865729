package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.load.Program;
import java.nio.file.Path;

/**
 * The parts of a board.
 *
 * @param harts how many, at least 1
 * @param memoryBytes how much DRAM
 * @param bios the program that every hart runs first, or null
 * @param kernel the program that the firmware starts, or that runs on the bare machine if there is none; or null
 * @param initrd the file that the kernel finds its first file system in, or null
 * @param drive the file behind the virtio disk, or null
 * @param append the kernel's command line, possibly empty
 * @param modernVirtio whether virtio transports speak version 2 instead of 1, as they always do behind an IOMMU
 * @param iommu whether an IOMMU stands between devices and memory
 */
public record BoardOptions(
    int harts,
    long memoryBytes,
    Program bios,
    Program kernel,
    Path initrd,
    Path drive,
    String append,
    boolean modernVirtio,
    boolean iommu) {

  /** How many harts the CLINT and the PLIC have room for here. */
  public static final int MAX_HARTS = 16;

  /** Enough for every register of the board's own programs. */
  public static final long MIN_MEMORY = 1 << 20;

  /** Above it is the high window of PCI. */
  public static final long MAX_MEMORY = Layout.PCI_HIGH - Layout.DRAM;

  /** Where firmware and bare programs start. */
  public static final long DRAM = Layout.DRAM;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public BoardOptions {
    if (harts < 1 || harts > MAX_HARTS) {
      throw new IllegalArgumentException(harts + " harts; 1 to " + MAX_HARTS + " are possible");
    }
    if (memoryBytes < MIN_MEMORY || memoryBytes > MAX_MEMORY || memoryBytes % 4096 != 0) {
      throw new IllegalArgumentException(
          memoryBytes + " bytes of memory; whole pages of 4096 bytes are possible, at least " + MIN_MEMORY
              + " bytes and at most " + MAX_MEMORY + " (" + (MAX_MEMORY >>> 30) + "G)");
    }
  }

  /** Where every hart goes from the reset ROM. */
  long start() {
    if (bios != null) {
      return bios.entry();
    }
    return kernel == null ? DRAM : kernel.entry();
  }
}
