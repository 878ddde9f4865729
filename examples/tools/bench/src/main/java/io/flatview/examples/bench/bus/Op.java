package io.flatview.examples.bench.bus;

/** The operations of the interpreter's machine; an instruction is an operation, three registers and a number. */
final class Op {

  static final int ADD = 0;
  static final int XOR = 1;
  static final int SHIFT = 2;
  static final int ADD_NUMBER = 3;
  static final int LOAD_NEXT = 4;
  static final int STORE_NEXT = 5;
  static final int LOAD_LONG = 6;
  static final int BRANCH = 7;
  static final int JUMP_PAGE = 8;

  private Op() {}

  static int of(int op, int to, int left, int right, int number) {
    return op | to << 4 | left << 8 | right << 12 | number << 16;
  }
}
