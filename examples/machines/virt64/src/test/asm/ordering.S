# Two harts count up, each in a cell of its own, and after each step look at the other's count. With a fence between the
# store and the load, or a load that is acquire and release, or an atomic, a hart whose step the other did not yet see
# must itself see the other's: if the first saw j at its step i, the second saw at least i at its step j + 1.
#include "board.h"
#ifndef ROUNDS
#define ROUNDS 1000000
#endif

// Both harts have come here.
.macro MEET
  addi s6, s6, 1
  fence rw, rw
  sd s6, 0(s2)
1:
  ld t0, 0(s3)
  bltu t0, s6, 1b
  fence rw, rw
.endm

.macro LITMUS text, between, load:vararg
  sd zero, 0(s4)
  mv s8, s7
  li s9, 0
  li s0, ROUNDS
  MEET
2:
  addi s9, s9, 1
  addi s8, s8, 8
  sd s9, 0(s4)
  \between
  \load
  sd t2, 0(s8)
  bne s9, s0, 2b
  MEET
  bnez s10, 5f
  li s9, 0
  li s11, 0
  la t4, seen
  la t5, seen_by_second
3:
  addi s9, s9, 1
  addi t4, t4, 8
  ld t1, 0(t4)
  bgeu t1, s0, 4f
  slli t1, t1, 3
  add t1, t1, t5
  ld t1, 8(t1)
  sltu t1, t1, s9
  add s11, s11, t1
4:
  bne s9, s0, 3b
  mv s8, s11
  PRINT_REG "\text", s8
5:
  MEET
.endm

START
  li t0, 2
  bgeu a0, t0, idle
  mv s10, a0
  la s7, seen
  beqz a0, 1f
  la s7, seen_by_second
1:
  la s2, turns
  mv s3, s2
  la s4, cells
  mv s5, s4
  slli t0, a0, 7
  add s2, s2, t0
  add s4, s4, t0
  xori t0, t0, 128
  add s3, s3, t0
  add s5, s5, t0
  li s6, 0
  LITMUS "stale with a fence ", "fence rw, rw", ld t2, 0(s5)
  LITMUS "stale with lr.aqrl ", , lr.d.aqrl t2, (s5)
  LITMUS "stale with amoor.aqrl ", , amoor.d.aqrl t2, zero, (s5)
  bnez s10, idle
  PASS
idle:
  wfi
  j idle

.section .bss
.align 7
turns:
  .space 256
cells:
  .space 256
seen:
  .space 8 * ROUNDS + 8
seen_by_second:
  .space 8 * ROUNDS + 8
.text
#include "print.h"
