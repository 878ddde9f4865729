# 20 million rounds of loads and stores all over 4 MiB of RAM: two loads and a store a round.
#include "board.h"
#ifndef ROUNDS
#define ROUNDS 20000000
#define LAST 0x3ffff8
#endif
START
  ONLY_HART_0
  li s0, ROUNDS
  la s4, end_of_program
  li s5, LAST
  li s1, 1
1:
  slli t0, s1, 13
  xor s1, s1, t0
  srli t0, s1, 7
  xor s1, s1, t0
  and t1, s1, s5
  add t1, t1, s4
  ld t2, 0(t1)
  add t2, t2, s1
  sd t2, 0(t1)
  ld t3, 8(t1)
  add s2, s2, t3
  addi s0, s0, -1
  bnez s0, 1b
  PRINT "memory "
  mv a0, s2
  call print_hex
  PASS
#include "print.h"
