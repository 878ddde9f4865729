package io.flatview.iommu.riscv;

/**
 * The process for which a device accesses memory, as an index of its translator: 0 without a process, else the
 * process's number plus 1, with the privilege in the bit above.
 */
final class ProcessIndex {

  /** No process. */
  static final int NONE = 0;

  static final int COUNT = 1 << 22;

  private static final int SUPERVISOR = 1 << 21;
  private static final int LARGEST = (1 << 20) - 1;

  private ProcessIndex() {}

  static int of(int process, boolean supervisor) {
    if (process < 0 || process > LARGEST) {
      throw new IllegalArgumentException("process id " + process + "; the largest is " + LARGEST);
    }
    return process + 1 | (supervisor ? SUPERVISOR : 0);
  }

  static int process(int index) {
    return (index & SUPERVISOR - 1) - 1;
  }

  static boolean isSupervisor(int index) {
    return (index & SUPERVISOR) != 0;
  }
}
