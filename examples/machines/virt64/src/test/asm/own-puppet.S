# Does what it is ordered to: every hart takes one order after the other from a table, from a place of its own, for
# ever. An order is a kind, an address and a value. Whatever traps is over, and the next order follows. The table is at
# 80100000: how many orders, and then they.
#include "board.h"
#define TABLE 0x80100000
#define ORDER_BYTES 24
#define KINDS 20

.macro KIND
  .align 6
.endm

START
  csrr a0, mhartid
  # Where this hart begins: the third of the table that is its own.
  li t0, TABLE
  ld t1, 0(t0)
  mul t1, t1, a0
  li t2, 3
  divu t1, t1, t2
  la t2, positions
  slli t3, a0, 3
  add t2, t2, t3
  sd t1, 0(t2)

next:
  csrwi satp, 0
  csrwi medeleg, 0
  csrwi mideleg, 0
  csrwi mie, 0
  la t0, trapped
  csrw mtvec, t0
  csrr a0, mhartid
  la t2, positions
  slli t3, a0, 3
  add t2, t2, t3
  ld t1, 0(t2)
  li t0, TABLE
  ld t4, 0(t0)
  bltu t1, t4, 1f
  li t1, 0
1:
  addi t3, t1, 1
  sd t3, 0(t2)
  li t3, ORDER_BYTES
  mul t1, t1, t3
  add t0, t0, t1
  ld s0, 8(t0)
  ld s1, 16(t0)
  ld s2, 24(t0)
  li t1, KINDS
  bgeu s0, t1, next
  slli s0, s0, 6
  la t0, kinds
  add t0, t0, s0
  jr t0

.align 6
kinds:
  sb s2, 0(s1)
  j next
KIND
  sh s2, 0(s1)
  j next
KIND
  sw s2, 0(s1)
  j next
KIND
  sd s2, 0(s1)
  j next
KIND
  lb t0, 0(s1)
  j next
KIND
  lh t0, 0(s1)
  j next
KIND
  lw t0, 0(s1)
  j next
KIND
  ld t0, 0(s1)
  j next
KIND
  amoadd.w t0, s2, (s1)
  j next
KIND
  amoswap.d t0, s2, (s1)
  j next
KIND
  amomaxu.w t0, s2, (s1)
  j next
KIND
  amoxor.d t0, s2, (s1)
  j next
KIND
  lr.w t0, (s1)
  sc.w t0, s2, (s1)
  j next
KIND
  lr.d t0, (s1)
  sc.d t0, s2, (s1)
  j next
KIND
  # 14: goes there, in machine mode. It comes back with a trap, if at all.
  jr s1
KIND
  # 15: goes there in a mode of its choice, with all memory open to it.
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  csrw mepc, s1
  li t0, 3 << 11
  csrc mstatus, t0
  j drop
KIND
  # 16: waits for a moment.
  andi s2, s2, 0xff
1:
  addi s2, s2, -1
  bgez s2, 1b
  j next
KIND
  # 17: stores four times in a row.
  sd s2, 0(s1)
  sd s2, 8(s1)
  sd s2, 16(s1)
  sd s2, 24(s1)
  j next
KIND
  # 18: the same store 256 times.
  li t0, 256
1:
  sw s2, 0(s1)
  addi t0, t0, -1
  bnez t0, 1b
  j next
KIND
  fence.i
  sfence.vma
  j next

drop:
  andi t0, s2, 1
  slli t0, t0, 11
  csrs mstatus, t0
  mret

.align 2
trapped:
  li t0, 3 << 11
  csrs mstatus, t0
  j next
#include "print.h"
.section .bss
positions:
  .space 64 * 8
