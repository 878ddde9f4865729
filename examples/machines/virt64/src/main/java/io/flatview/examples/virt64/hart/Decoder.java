package io.flatview.examples.virt64.hart;

/** Decodes the 32-bit instructions of RV64IMA, Zicsr and Zifencei. */
final class Decoder {

  private static final int[] BRANCHES = {Op.BEQ, Op.BNE, 0, 0, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU};
  private static final int[] LOADS = {Op.LB, Op.LH, Op.LW, Op.LD, Op.LBU, Op.LHU, Op.LWU, 0};
  private static final int[] STORES = {Op.SB, Op.SH, Op.SW, Op.SD, 0, 0, 0, 0};
  private static final int[] IMMEDIATES = {Op.ADDI, 0, Op.SLTI, Op.SLTIU, Op.XORI, 0, Op.ORI, Op.ANDI};
  private static final int[] REGISTERS = {Op.ADD, Op.SLL, Op.SLT, Op.SLTU, Op.XOR, Op.SRL, Op.OR, Op.AND};
  private static final int[] WORDS = {Op.ADDW, Op.SLLW, 0, 0, 0, Op.SRLW, 0, 0};
  private static final int[] CSRS = {0, Op.CSRRW, Op.CSRRS, Op.CSRRC, 0, Op.CSRRWI, Op.CSRRSI, Op.CSRRCI};

  private Decoder() {}

  /** Whether the first half-word begins an instruction of four bytes. */
  static boolean isLong(int half) {
    return (half & 3) == 3;
  }

  /** Decodes; a word that is no instruction becomes {@link Op#ILLEGAL}. */
  static long decode(int i) {
    return switch (i & 0x7f) {
      case 0x37 -> upper(Op.LUI, i);
      case 0x17 -> upper(Op.AUIPC, i);
      case 0x6f -> Op.pack(Op.JAL, rd(i), 0, 0, jumpOffset(i), 4);
      case 0x67 -> funct3(i) == 0 ? immediate(Op.JALR, i) : illegal(i);
      case 0x63 -> branch(BRANCHES[funct3(i)], i);
      case 0x03 -> load(LOADS[funct3(i)], i);
      case 0x23 -> store(STORES[funct3(i)], i);
      case 0x13 -> arithmeticImmediate(i);
      case 0x1b -> wordImmediate(i);
      case 0x33 -> arithmetic(i);
      case 0x3b -> word(i);
      case 0x0f -> fence(i);
      case 0x2f -> atomic(i);
      case 0x73 -> system(i);
      default -> illegal(i);
    };
  }

  static long illegal(int i) {
    return Op.pack(Op.ILLEGAL, 0, 0, 0, i, isLong(i) ? 4 : 2);
  }

  private static int rd(int i) {
    return i >>> 7 & 31;
  }

  private static int rs1(int i) {
    return i >>> 15 & 31;
  }

  private static int rs2(int i) {
    return i >>> 20 & 31;
  }

  private static int funct3(int i) {
    return i >>> 12 & 7;
  }

  private static int funct7(int i) {
    return i >>> 25;
  }

  private static long upper(int op, int i) {
    return Op.pack(op, rd(i), 0, 0, i & 0xffff_f000, 4);
  }

  private static long immediate(int op, int i) {
    return Op.pack(op, rd(i), rs1(i), 0, i >> 20, 4);
  }

  private static long registers(int op, int i) {
    return Op.pack(op, rd(i), rs1(i), rs2(i), 0, 4);
  }

  private static int jumpOffset(int i) {
    return i >> 31 << 20 | i & 0xf_f000 | i >>> 9 & 0x800 | i >>> 20 & 0x7fe;
  }

  private static long branch(int op, int i) {
    int offset = i >> 31 << 12 | i << 4 & 0x800 | i >>> 20 & 0x7e0 | i >>> 7 & 0x1e;
    return op == 0 ? illegal(i) : Op.pack(op, 0, rs1(i), rs2(i), offset, 4);
  }

  private static long load(int op, int i) {
    return op == 0 ? illegal(i) : immediate(op, i);
  }

  private static long store(int op, int i) {
    return op == 0 ? illegal(i) : Op.pack(op, 0, rs1(i), rs2(i), i >> 25 << 5 | rd(i), 4);
  }

  private static long arithmeticImmediate(int i) {
    return switch (funct3(i)) {
      case 1 -> i >>> 26 == 0 ? shift(Op.SLLI, i, 63) : illegal(i);
      case 5 -> switch (i >>> 26) {
        case 0 -> shift(Op.SRLI, i, 63);
        case 0x10 -> shift(Op.SRAI, i, 63);
        default -> illegal(i);
      };
      default -> immediate(IMMEDIATES[funct3(i)], i);
    };
  }

  private static long wordImmediate(int i) {
    return switch (funct3(i) << 8 | funct7(i)) {
      case 0x100 -> shift(Op.SLLIW, i, 31);
      case 0x500 -> shift(Op.SRLIW, i, 31);
      case 0x520 -> shift(Op.SRAIW, i, 31);
      default -> funct3(i) == 0 ? immediate(Op.ADDIW, i) : illegal(i);
    };
  }

  private static long shift(int op, int i, int mask) {
    return Op.pack(op, rd(i), rs1(i), 0, i >>> 20 & mask, 4);
  }

  private static long arithmetic(int i) {
    return switch (funct7(i)) {
      case 0 -> registers(REGISTERS[funct3(i)], i);
      case 1 -> funct3(i) == 0 ? registers(Op.MUL, i) : mulDiv(funct3(i), i);
      case 0x20 -> switch (funct3(i)) {
        case 0 -> registers(Op.SUB, i);
        case 5 -> registers(Op.SRA, i);
        default -> illegal(i);
      };
      default -> illegal(i);
    };
  }

  private static long mulDiv(int kind, int i) {
    return Op.pack(Op.MULDIV, rd(i), rs1(i), rs2(i), kind, 4);
  }

  private static long word(int i) {
    int funct3 = funct3(i);
    return switch (funct7(i)) {
      case 0 -> WORDS[funct3] == 0 ? illegal(i) : registers(WORDS[funct3], i);
      case 1 -> funct3 == 0 ? registers(Op.MULW, i) : funct3 < 4 ? illegal(i) : mulDiv(8 | funct3, i);
      case 0x20 -> switch (funct3) {
        case 0 -> registers(Op.SUBW, i);
        case 5 -> registers(Op.SRAW, i);
        default -> illegal(i);
      };
      default -> illegal(i);
    };
  }

  private static long fence(int i) {
    return switch (funct3(i)) {
      case 0 -> Op.pack(Op.FENCE, 0, 0, 0, i >>> 20, 4);
      case 1 -> Op.pack(Op.FENCE_I, 0, 0, 0, 0, 4);
      default -> illegal(i);
    };
  }

  private static long atomic(int i) {
    int funct5 = i >>> 27;
    boolean known = funct5 < 4 || (funct5 & 3) == 0;
    boolean loadReserved = funct5 == Atomics.LR;
    if (!known || (loadReserved && rs2(i) != 0)) {
      return illegal(i);
    }
    return switch (funct3(i)) {
      case 2 -> Op.pack(Op.AMO_W, rd(i), rs1(i), rs2(i), funct5, 4);
      case 3 -> Op.pack(Op.AMO_D, rd(i), rs1(i), rs2(i), funct5, 4);
      default -> illegal(i);
    };
  }

  private static long system(int i) {
    if (funct3(i) != 0) {
      int op = CSRS[funct3(i)];
      return op == 0 ? illegal(i) : Op.pack(op, rd(i), rs1(i), 0, i >>> 20, 4);
    }
    if (funct7(i) == 9 && rd(i) == 0) {
      return registers(Op.SFENCE_VMA, i);
    }
    return switch (i) {
      case 0x0000_0073 -> registers(Op.ECALL, i);
      case 0x0010_0073 -> registers(Op.EBREAK, i);
      case 0x3020_0073 -> registers(Op.MRET, i);
      case 0x1020_0073 -> registers(Op.SRET, i);
      case 0x1050_0073 -> registers(Op.WFI, i);
      default -> illegal(i);
    };
  }
}
