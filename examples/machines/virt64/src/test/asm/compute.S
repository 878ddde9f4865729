# 15 million rounds of a linear congruential generator with a branch that depends on it, in registers only. a0: hart.
#include "board.h"
#ifndef ROUNDS
#define ROUNDS 15000000
#endif
START
  ONLY_HART_0
  li s0, ROUNDS
  li s1, 0
  li t1, 6364136223846793005
  li t2, 1442695040888963407
1:
  mul s1, s1, t1
  add s1, s1, t2
  srli t3, s1, 33
  xor t4, t3, s0
  andi t5, t4, 1
  beqz t5, 2f
  addi s2, s2, 1
2:
  slli t6, t3, 2
  add s3, s3, t6
  addi s0, s0, -1
  bnez s0, 1b
  PRINT "compute "
  mv a0, s1
  call print_hex
  PASS
#include "print.h"
