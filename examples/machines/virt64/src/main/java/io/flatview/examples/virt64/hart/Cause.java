package io.flatview.examples.virt64.hart;

/** Exception codes, and interrupt numbers, of {@code mcause}. */
final class Cause {

  static final int FETCH_ACCESS = 1;
  static final int ILLEGAL_INSTRUCTION = 2;
  static final int BREAKPOINT = 3;
  static final int LOAD_MISALIGNED = 4;
  static final int LOAD_ACCESS = 5;
  static final int STORE_MISALIGNED = 6;
  static final int STORE_ACCESS = 7;
  static final int ECALL_FROM_USER = 8;
  static final int FETCH_PAGE_FAULT = 12;
  static final int LOAD_PAGE_FAULT = 13;
  static final int STORE_PAGE_FAULT = 15;

  static final int SUPERVISOR_SOFTWARE = 1;
  static final int MACHINE_SOFTWARE = 3;
  static final int SUPERVISOR_TIMER = 5;
  static final int MACHINE_TIMER = 7;
  static final int SUPERVISOR_EXTERNAL = 9;
  static final int MACHINE_EXTERNAL = 11;

  static final long INTERRUPT = 1L << 63;

  private Cause() {}
}
