package io.flatview.examples.virt64.hart;

/** Decodes the 16-bit instructions of RV64C into the operations that they stand for. */
final class CompressedDecoder {

  private static final int SP = 2;
  private static final int RA = 1;

  private CompressedDecoder() {}

  /** Decodes; a word that is no instruction becomes {@link Op#ILLEGAL}. */
  static long decode(int i) {
    int funct3 = i >>> 13 & 7;
    return switch (i & 3) {
      case 0 -> quadrant0(funct3, i);
      case 1 -> quadrant1(funct3, i);
      default -> quadrant2(funct3, i);
    };
  }

  private static long op(int op, int rd, int rs1, int rs2, int immediate) {
    return Op.pack(op, rd, rs1, rs2, immediate, 2);
  }

  private static int rd(int i) {
    return i >>> 7 & 31;
  }

  private static int rs2(int i) {
    return i >>> 2 & 31;
  }

  /** Registers 8 to 15, in bits 2 to 4. */
  private static int low(int i) {
    return 8 + (i >>> 2 & 7);
  }

  /** Registers 8 to 15, in bits 7 to 9. */
  private static int high(int i) {
    return 8 + (i >>> 7 & 7);
  }

  private static long quadrant0(int funct3, int i) {
    int word = i >>> 7 & 0x38 | i >>> 4 & 4 | i << 1 & 0x40;
    int doubleWord = i >>> 7 & 0x38 | i << 1 & 0xc0;
    return switch (funct3) {
      case 0 -> addi4spn(i);
      case 2 -> op(Op.LW, low(i), high(i), 0, word);
      case 3 -> op(Op.LD, low(i), high(i), 0, doubleWord);
      case 6 -> op(Op.SW, 0, high(i), low(i), word);
      case 7 -> op(Op.SD, 0, high(i), low(i), doubleWord);
      default -> Decoder.illegal(i);
    };
  }

  private static long addi4spn(int i) {
    int immediate = i >>> 7 & 0x30 | i >>> 1 & 0x3c0 | i >>> 4 & 4 | i >>> 2 & 8;
    return immediate == 0 ? Decoder.illegal(i) : op(Op.ADDI, low(i), SP, 0, immediate);
  }

  /** Six bits with a sign: bit 12, and bits 2 to 6. */
  private static int immediate(int i) {
    return i << 19 >> 31 << 5 | i >>> 2 & 31;
  }

  private static long quadrant1(int funct3, int i) {
    return switch (funct3) {
      case 0 -> op(Op.ADDI, rd(i), rd(i), 0, immediate(i));
      case 1 -> rd(i) == 0 ? Decoder.illegal(i) : op(Op.ADDIW, rd(i), rd(i), 0, immediate(i));
      case 2 -> op(Op.ADDI, rd(i), 0, 0, immediate(i));
      case 3 -> rd(i) == SP ? addi16sp(i) : lui(i);
      case 4 -> arithmetic(i);
      case 5 -> op(Op.JAL, 0, 0, 0, jumpOffset(i));
      case 6 -> op(Op.BEQ, 0, high(i), 0, branchOffset(i));
      default -> op(Op.BNE, 0, high(i), 0, branchOffset(i));
    };
  }

  private static long addi16sp(int i) {
    int immediate = i << 19 >> 31 << 9 | i >>> 2 & 0x10 | i << 1 & 0x40 | i << 4 & 0x180 | i << 3 & 0x20;
    return immediate == 0 ? Decoder.illegal(i) : op(Op.ADDI, SP, SP, 0, immediate);
  }

  private static long lui(int i) {
    return immediate(i) == 0 ? Decoder.illegal(i) : op(Op.LUI, rd(i), 0, 0, immediate(i) << 12);
  }

  private static int shiftAmount(int i) {
    return i >>> 7 & 0x20 | i >>> 2 & 31;
  }

  private static long arithmetic(int i) {
    return switch (i >>> 10 & 3) {
      case 0 -> op(Op.SRLI, high(i), high(i), 0, shiftAmount(i));
      case 1 -> op(Op.SRAI, high(i), high(i), 0, shiftAmount(i));
      case 2 -> op(Op.ANDI, high(i), high(i), 0, immediate(i));
      default -> registers(i);
    };
  }

  private static long registers(int i) {
    int operation = switch (i >>> 10 & 4 | i >>> 5 & 3) {
      case 0 -> Op.SUB;
      case 1 -> Op.XOR;
      case 2 -> Op.OR;
      case 3 -> Op.AND;
      case 4 -> Op.SUBW;
      case 5 -> Op.ADDW;
      default -> Op.ILLEGAL;
    };
    return operation == Op.ILLEGAL ? Decoder.illegal(i) : op(operation, high(i), high(i), low(i), 0);
  }

  private static int jumpOffset(int i) {
    return i << 19 >> 31 << 11
        | i >>> 7 & 0x10
        | i >>> 1 & 0x300
        | i << 2 & 0x400
        | i >>> 1 & 0x40
        | i << 1 & 0x80
        | i >>> 2 & 0xe
        | i << 3 & 0x20;
  }

  private static int branchOffset(int i) {
    return i << 19 >> 31 << 8 | i >>> 7 & 0x18 | i << 1 & 0xc0 | i >>> 2 & 6 | i << 3 & 0x20;
  }

  private static long quadrant2(int funct3, int i) {
    return switch (funct3) {
      case 0 -> op(Op.SLLI, rd(i), rd(i), 0, shiftAmount(i));
      case 2 -> stackLoad(Op.LW, i, i >>> 7 & 0x20 | i >>> 2 & 0x1c | i << 4 & 0xc0);
      case 3 -> stackLoad(Op.LD, i, i >>> 7 & 0x20 | i >>> 2 & 0x18 | i << 4 & 0x1c0);
      case 4 -> jumpOrMove(i);
      case 6 -> op(Op.SW, 0, SP, rs2(i), i >>> 7 & 0x3c | i >>> 1 & 0xc0);
      case 7 -> op(Op.SD, 0, SP, rs2(i), i >>> 7 & 0x38 | i >>> 1 & 0x1c0);
      default -> Decoder.illegal(i);
    };
  }

  private static long stackLoad(int op, int i, int offset) {
    return rd(i) == 0 ? Decoder.illegal(i) : op(op, rd(i), SP, 0, offset);
  }

  private static long jumpOrMove(int i) {
    boolean links = (i & 0x1000) != 0;
    if (rs2(i) != 0) {
      return op(Op.ADD, rd(i), links ? rd(i) : 0, rs2(i), 0);
    }
    if (rd(i) == 0) {
      return links ? op(Op.EBREAK, 0, 0, 0, 0) : Decoder.illegal(i);
    }
    return op(Op.JALR, links ? RA : 0, rd(i), 0, 0);
  }
}
