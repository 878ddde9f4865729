package io.flatview.examples.bench.bus;

import java.util.Arrays;

/** Instructions; each program ends with a branch to its begin. */
final class Programs {

  private static final int AGAIN = Op.of(Op.BRANCH, 0, 0, 0, 0);

  private Programs() {}

  static int[] repeated(int instruction, int times) {
    int[] code = new int[times + 1];
    Arrays.fill(code, instruction);
    code[times] = AGAIN;
    return code;
  }

  static int[] loading() {
    return new int[] {Op.of(Op.LOAD_NEXT, 1, 0, 0, 0), Op.of(Op.XOR, 3, 1, 3, 0), Op.of(Op.ADD, 4, 3, 4, 0), AGAIN};
  }

  static int[] mixed() {
    return new int[] {Op.of(Op.ADD_NUMBER, 2, 2, 0, 7), Op.of(Op.XOR, 3, 2, 3, 0), Op.of(Op.SHIFT, 4, 3, 3, 0),
        Op.of(Op.ADD, 1, 1, 4, 0), AGAIN};
  }
}
