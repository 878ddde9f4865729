# Every register-register and register-immediate instruction of RV64IM over all pairs of sixteen operands: for each, a
# sum that depends on all results and their order.
#include "board.h"

.macro FOLD result
  slli t0, s10, 1
  srli t1, s10, 63
  or s10, t0, t1
  xor s10, s10, \result
.endm

.macro PAIRS name
  li s10, 0
  la s0, operands
  la s1, operands_end
1:
  la s2, operands
2:
  ld a2, 0(s0)
  ld a3, 0(s2)
  \name a4, a2, a3
  FOLD a4
  addi s2, s2, 8
  bne s2, s1, 2b
  addi s0, s0, 8
  bne s0, s1, 1b
  PRINT_REG "\name ", s10
.endm

.macro IMMEDIATES name, one, two, three, four
  li s10, 0
  la s0, operands
  la s1, operands_end
1:
  ld a2, 0(s0)
  \name a4, a2, \one
  FOLD a4
  \name a4, a2, \two
  FOLD a4
  \name a4, a2, \three
  FOLD a4
  \name a4, a2, \four
  FOLD a4
  addi s0, s0, 8
  bne s0, s1, 1b
  PRINT_REG "\name ", s10
.endm

START
  ONLY_HART_0
.irp name, add, sub, sll, slt, sltu, xor, srl, sra, or, and, addw, subw, sllw, srlw, sraw
  PAIRS \name
.endr
.irp name, mul, mulh, mulhsu, mulhu, div, divu, rem, remu, mulw, divw, divuw, remw, remuw
  PAIRS \name
.endr
.irp name, addi, slti, sltiu, xori, ori, andi, addiw
  IMMEDIATES \name, 0, 1, -2048, 2047
.endr
.irp name, slli, srli, srai
  IMMEDIATES \name, 0, 1, 31, 63
.endr
.irp name, slliw, srliw, sraiw
  IMMEDIATES \name, 0, 1, 17, 31
.endr
  lui a4, 0x80000
  PRINT_REG "lui ", a4
1:
  auipc a4, 0xfffff
  la a5, 1b
  sub a4, a4, a5
  PRINT_REG "auipc ", a4
  li a2, 5
  add zero, a2, a2
  PRINT_REG "x0 ", zero
  PASS

.section .rodata
.align 3
operands:
  .dword 0, 1, 2, 3, -1, -2, 7, 31, 32, 63
  .dword 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0x123456789abcdef0
operands_end:
#include "print.h"
