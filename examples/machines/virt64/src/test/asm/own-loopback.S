# The serial port hears itself for ever. What it hears first is printed, and that it heard too much.
#include "board.h"
START
  ONLY_HART_0
  li s0, UART
  li t0, 0x10
  sb t0, 4(s0)
  li s1, 0
  li s2, 20
1:
  sb s1, 0(s0)
  addi s1, s1, 1
  bne s1, s2, 1b
  lbu s3, 5(s0)
  lbu s4, 5(s0)
  li s1, 0
2:
  lbu t0, 5(s0)
  andi t0, t0, 1
  beqz t0, 3f
  lbu s5, 0(s0)
  addi s1, s1, 1
  j 2b
3:
  sb zero, 4(s0)
  PRINT_REG "status ", s3
  PRINT_REG "then ", s4
  PRINT_REG "heard ", s1
  PRINT_REG "last ", s5
  li t0, 0x10
  sb t0, 4(s0)
4:
  sb t0, 0(s0)
  j 4b
#include "print.h"
