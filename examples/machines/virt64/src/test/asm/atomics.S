# Every atomic, by one hart, and what reservations are worth.
#include "board.h"
.macro ATOMIC name, store, load, align
  li s10, 0
  la s0, operands
  la s1, operands_end
1:
  la s2, operands
2:
  la s3, cell
  ld a2, 0(s0)
  sd zero, 0(s3)
  \store a2, 0(s3)
  ld a3, 0(s2)
  \name a4, a3, (s3)
  ld a5, 0(s3)
  slli t0, s10, 1
  srli t1, s10, 63
  or s10, t0, t1
  xor s10, s10, a4
  xor s10, s10, a5
  addi s2, s2, 8
  bne s2, s1, 2b
  addi s0, s0, 8
  bne s0, s1, 1b
  PRINT_REG "\name ", s10
.endm
START
  ONLY_HART_0
.irp name, amoadd, amoswap, amoxor, amoor, amoand, amomin, amomax, amominu, amomaxu
  ATOMIC \name\().w, sw
  ATOMIC \name\().d.aqrl, sd
.endr
  la s3, cell
  li a2, 7
  sc.w a4, a2, (s3)
  PRINT_REG "sc without lr ", a4
  li a2, -5
  sd a2, 0(s3)
  lr.w a4, (s3)
  li a2, 9
  sc.w a5, a2, (s3)
  ld a6, 0(s3)
  PRINT_REG "lr.w ", a4
  PRINT_REG "sc.w ", a5
  PRINT_REG "cell ", a6
  li a2, 11
  sc.w a5, a2, (s3)
  PRINT_REG "second sc ", a5
  lr.d a4, (s3)
  addi t0, s3, 64
  sc.d a5, a2, (t0)
  PRINT_REG "sc elsewhere ", a5
  lr.d a4, (s3)
  sd zero, 0(s3)
  sc.d a5, a2, (s3)
  ld a6, 0(s3)
  PRINT_REG "cell after a store between ", a6
  PASS
.section .rodata
.align 3
operands:
  .dword 0, 1, -1, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0x123456789abcdef0
operands_end:
.data
.align 6
cell:
  .space 128
#include "print.h"
