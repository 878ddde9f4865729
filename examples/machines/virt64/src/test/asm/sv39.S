# Sv39: every kind of leaf against every access from supervisor and user mode, with SUM and MXR, superpages, reserved
# bits, accessed and dirty bits, and sfence.vma.
#include "board.h"
#define TEST_PAGE 0x40000000
#define V 1
#define R 2
#define W 4
#define X 8
#define U 16
#define A 64
#define D 128

.macro LEAF bits
  li s9, \bits
  la t0, target
  srli t0, t0, 2
  or t0, t0, s9
  la t1, level0
  sd t0, 0(t1)
  sfence.vma
.endm

// Does one access to the test page in a mode; prints the cause, 0 if there was none.
.macro ACCESS text, mode, instruction:vararg
  la s8, 1f
  PRINT "\text"
  li s2, 0
  li s4, 0
  la t0, 2f
  csrw mepc, t0
  li t0, 3 << 11 | 1 << 17
  csrc mstatus, t0
  li t0, \mode << 11 | 1 << 17
  csrs mstatus, t0
  li a1, TEST_PAGE
2:
  \instruction
  ecall
.align 2
1:
  mv a0, s2
  call print_hex
  PRINT " at "
  mv a0, s4
  call print_hex
.endm

.macro ACCESS_AT text, mode, address, instruction:vararg
  li s7, \address
  ACCESS "\text", \mode, \instruction
.endm

.macro MATRIX text, bits
  LEAF \bits
  ACCESS "\text S load ", 1, lw a0, 0(a1)
  ACCESS "\text U load ", 0, lw a0, 0(a1)
  ACCESS "\text S store ", 1, sw a0, 4(a1)
  ACCESS "\text U store ", 0, sw a0, 4(a1)
  ACCESS "\text S amo ", 1, amoadd.w a0, zero, (a1)
  FETCH "\text S fetch ", 1
  FETCH "\text U fetch ", 0
.endm

.macro FETCH text, mode
  la s8, 1f
  PRINT "\text"
  li s2, 0
  li s4, 0
  li t0, TEST_PAGE + 0x100
  csrw mepc, t0
  li t0, 3 << 11 | 1 << 17
  csrc mstatus, t0
  li t0, \mode << 11
  csrs mstatus, t0
  mret
.align 2
1:
  mv a0, s2
  call print_hex
  PRINT " at "
  mv a0, s4
  call print_hex
.endm

START
  ONLY_HART_0
  la t0, handler
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  # An identity map of the first and third gigabyte, and one page at TEST_PAGE.
  la t0, root
  li t1, 0xcf
  sd t1, 0(t0)
  li t1, 0x80000000 >> 2 | 0xcf
  sd t1, 16(t0)
  la t1, level1
  srli t1, t1, 2
  ori t1, t1, V
  sd t1, 8(t0)
  la t0, level1
  la t1, level0
  srli t1, t1, 2
  ori t1, t1, V
  sd t1, 0(t0)
  la t0, root
  srli t0, t0, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0

  MATRIX "none", 0
  MATRIX "R", V | R | A | D
  MATRIX "RW", V | R | W | A | D
  MATRIX "X", V | X | A | D
  MATRIX "RX", V | R | X | A | D
  MATRIX "RWX", V | R | W | X | A | D
  MATRIX "WX reserved", V | W | X | A | D
  MATRIX "RU", V | R | U | A | D
  MATRIX "RWXU", V | R | W | X | U | A | D
  MATRIX "invalid", R | W | X | U | A | D
  li t0, 1 << 18
  csrs mstatus, t0
  MATRIX "RWXU with SUM", V | R | W | X | U | A | D
  li t0, 1 << 18
  csrc mstatus, t0
  li t0, 1 << 19
  csrs mstatus, t0
  MATRIX "X with MXR", V | X | A | D
  li t0, 1 << 19
  csrc mstatus, t0
  MATRIX "high bit reserved", V | R | W | X | A | D | 1 << 60

  # The accessed and the dirty bit.
  LEAF V | R | W
  ACCESS "load sets A ", 1, lw a0, 0(a1)
  la t0, level0
  ld s7, 0(t0)
  andi s7, s7, 0xff
  PRINT_REG "leaf ", s7
  ACCESS "store sets D ", 1, sw a0, 4(a1)
  la t0, level0
  ld s7, 0(t0)
  andi s7, s7, 0xff
  PRINT_REG "leaf ", s7

  # A pointer at the last level, a crooked superpage, and addresses that are no addresses.
  LEAF V
  ACCESS "pointer at level 0 ", 1, lw a0, 0(a1)
  la t0, level1
  ld s6, 0(t0)
  li t1, 0x80200000 >> 2 | 0xcf
  sd t1, 0(t0)
  sfence.vma
  ACCESS "superpage ", 1, lw a0, 0(a1)
  la t0, level1
  li t1, 0x80201000 >> 2 | 0xcf
  sd t1, 0(t0)
  sfence.vma
  ACCESS "crooked superpage ", 1, lw a0, 0(a1)
  la t0, level1
  ori t1, s6, A
  sd t1, 0(t0)
  sfence.vma
  ACCESS "pointer with A ", 1, lw a0, 0(a1)
  la t0, level1
  sd s6, 0(t0)
  LEAF V | R | W | A | D
  ACCESS_AT "not canonical ", 1, 0x4000000000, lw a0, 0(s7)
  ACCESS_AT "high half ", 1, -4096, lw a0, 0(s7)
  ACCESS_AT "across into nothing ", 1, TEST_PAGE + 4093, lw a0, 0(s7)
  ACCESS_AT "store across into nothing ", 1, TEST_PAGE + 4092, sd a0, 0(s7)

  # A leaf that changed is used after sfence.vma.
  la t0, target
  li t1, 0x1111
  sw t1, 0(t0)
  la t0, other
  li t1, 0x2222
  sw t1, 0(t0)
  ACCESS "before ", 1, lw s5, 0(a1)
  PRINT_REG "value ", s5
  la t0, other
  srli t0, t0, 2
  ori t0, t0, V | R | W | A | D
  la t1, level0
  sd t0, 0(t1)
  sfence.vma
  ACCESS "after ", 1, lw s5, 0(a1)
  PRINT_REG "value ", s5

  # A leaf that grants more than before is used without it.
  LEAF V | R | A | D
  ACCESS "reads ", 1, lw a0, 0(a1)
  ACCESS "may not write ", 1, sw a0, 4(a1)
  FETCH "may not execute ", 1
  la t1, level0
  ld t0, 0(t1)
  ori t0, t0, W | X
  sd t0, 0(t1)
  ACCESS "may write now ", 1, sw a0, 4(a1)
  FETCH "may execute now ", 1
  PASS

// Returns to s8 in machine mode without MPRV; a call from the machine itself is no trap to report.
.align 2
handler:
  csrr t1, mcause
  li t2, 11
  beq t1, t2, 1f
  li t2, 9
  beq t1, t2, 1f
  li t2, 8
  beq t1, t2, 1f
  mv s2, t1
  csrr s4, mtval
1:
  csrw mepc, s8
  li t0, 1 << 17
  csrc mstatus, t0
  li t0, 3 << 11
  csrs mstatus, t0
  mret

.data
.align 12
root:
  .space 4096
level1:
  .space 4096
level0:
  .space 4096
target:
  .space 256
  ecall
  .space 4096 - 260
other:
  .space 4096
#include "print.h"
