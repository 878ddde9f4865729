package io.flatview.examples.virt64.hart;

/**
 * Decoded instructions: an operation and its operands in one {@code long}.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>bits</th><th>what</th></tr>
 * <tr><td>0-7</td><td>operation; 0 means that nothing was decoded yet</td></tr>
 * <tr><td>8-13</td><td>destination register; 32 instead of register 0, to be written and never read</td></tr>
 * <tr><td>14-18, 19-23</td><td>source registers</td></tr>
 * <tr><td>24-26</td><td>length in bytes, 2 or 4</td></tr>
 * <tr><td>32-63</td><td>immediate</td></tr>
 * </table>
 */
final class Op {

  static final int LUI = 1;
  static final int AUIPC = 2;
  static final int JAL = 3;
  static final int JALR = 4;
  static final int BEQ = 5;
  static final int BNE = 6;
  static final int BLT = 7;
  static final int BGE = 8;
  static final int BLTU = 9;
  static final int BGEU = 10;
  static final int LB = 11;
  static final int LH = 12;
  static final int LW = 13;
  static final int LD = 14;
  static final int LBU = 15;
  static final int LHU = 16;
  static final int LWU = 17;
  static final int SB = 18;
  static final int SH = 19;
  static final int SW = 20;
  static final int SD = 21;
  static final int ADDI = 22;
  static final int SLTI = 23;
  static final int SLTIU = 24;
  static final int XORI = 25;
  static final int ORI = 26;
  static final int ANDI = 27;
  static final int SLLI = 28;
  static final int SRLI = 29;
  static final int SRAI = 30;
  static final int ADDIW = 31;
  static final int SLLIW = 32;
  static final int SRLIW = 33;
  static final int SRAIW = 34;
  static final int ADD = 35;
  static final int SUB = 36;
  static final int SLL = 37;
  static final int SLT = 38;
  static final int SLTU = 39;
  static final int XOR = 40;
  static final int SRL = 41;
  static final int SRA = 42;
  static final int OR = 43;
  static final int AND = 44;
  static final int ADDW = 45;
  static final int SUBW = 46;
  static final int SLLW = 47;
  static final int SRLW = 48;
  static final int SRAW = 49;
  static final int MUL = 50;
  static final int MULW = 51;

  /** The immediate is {@code funct3}, plus 8 for the 32-bit forms. */
  static final int MULDIV = 52;

  /** From here on: out of the hot loop. */
  static final int FENCE = 53;

  static final int FENCE_I = 54;

  /** Atomics; the immediate is {@code funct5}. */
  static final int AMO_W = 55;

  static final int AMO_D = 56;

  /** The immediate is the CSR's number; the first source register is the operand or its number. */
  static final int CSRRW = 57;

  static final int CSRRS = 58;
  static final int CSRRC = 59;
  static final int CSRRWI = 60;
  static final int CSRRSI = 61;
  static final int CSRRCI = 62;
  static final int ECALL = 63;
  static final int EBREAK = 64;
  static final int MRET = 65;
  static final int SRET = 66;
  static final int WFI = 67;
  static final int SFENCE_VMA = 68;

  /** The immediate is the instruction. */
  static final int ILLEGAL = 69;

  private static final int SINK = 32;

  private Op() {}

  static long pack(int op, int rd, int rs1, int rs2, int immediate, int length) {
    int registers = (rd == 0 ? SINK : rd) << 8 | rs1 << 14 | rs2 << 19;
    return (long) immediate << 32 | length << 24 | registers | op;
  }

  static int operation(long instruction) {
    return (int) instruction & 0xff;
  }

  static int rd(long instruction) {
    return (int) instruction >>> 8 & 0x3f;
  }

  static int rs1(long instruction) {
    return (int) instruction >>> 14 & 0x1f;
  }

  static int rs2(long instruction) {
    return (int) instruction >>> 19 & 0x1f;
  }

  static int length(long instruction) {
    return (int) instruction >>> 24 & 7;
  }

  static int immediate(long instruction) {
    return (int) (instruction >> 32);
  }
}
