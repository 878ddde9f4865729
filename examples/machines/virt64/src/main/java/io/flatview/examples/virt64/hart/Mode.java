package io.flatview.examples.virt64.hart;

/** Privilege modes, as {@code mstatus.MPP} encodes them. */
final class Mode {

  static final int USER = 0;
  static final int SUPERVISOR = 1;
  static final int MACHINE = 3;

  private Mode() {}

  /** A mode for people. */
  static String name(int mode) {
    return switch (mode) {
      case USER -> "user";
      case SUPERVISOR -> "supervisor";
      default -> "machine";
    };
  }
}
