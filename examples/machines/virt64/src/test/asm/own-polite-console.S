# Prints a million numbered bytes, and waits for room before each.
#include "board.h"
START
  ONLY_HART_0
  li t0, UART
  li s1, 0
  li s2, 1000000
1:
  lbu t1, 5(t0)
  andi t1, t1, 0x20
  beqz t1, 1b
  andi t1, s1, 63
  addi t1, t1, '0'
  sb t1, 0(t0)
  addi s1, s1, 1
  bne s1, s2, 1b
  PASS
#include "print.h"
