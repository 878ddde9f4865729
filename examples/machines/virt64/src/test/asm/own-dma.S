# A device copies 3000 pages, into its buffer and out again to another place, and every word is compared. For a function
# that QEMU does not have by itself: nothing is recorded.
#include "board.h"
#define CONFIG 0x30008000
#define DEVICE 0x42000000
#define SOURCE 0x81000000
#define DESTINATION 0x82000000
#define BUFFER 0x40000
#define PAGES 256
START
  ONLY_HART_0
  li s0, CONFIG
  li t0, DEVICE
  sw t0, 16(s0)
  li t0, 6
  sw t0, 4(s0)
  li s0, DEVICE
  lw t0, 0(s0)
  PRINT_REG "device ", t0
  # Every word of the source is its own address, mixed.
  li t0, SOURCE
  li t1, SOURCE + PAGES * 4096
  li s8, 0x9e3779b97f4a7c15
1:
  mul t2, t0, s8
  sd t2, 0(t0)
  addi t0, t0, 8
  bne t0, t1, 1b
  li s1, 3000
  li s2, 1
  li s3, 0
copy:
  # Which pages.
  slli t0, s2, 13
  xor s2, s2, t0
  srli t0, s2, 7
  xor s2, s2, t0
  slli t0, s2, 17
  xor s2, s2, t0
  andi s4, s2, PAGES - 1
  slli s4, s4, 12
  srli s5, s2, 20
  andi s5, s5, PAGES - 1
  slli s5, s5, 12
  li t0, SOURCE
  add s4, s4, t0
  li t0, DESTINATION
  add s5, s5, t0
  # In, and out.
  li t0, BUFFER
  li t1, 4096
  sd s4, 0x80(s0)
  sd t0, 0x88(s0)
  sd t1, 0x90(s0)
  li t2, 1
  sd t2, 0x98(s0)
  sd t0, 0x80(s0)
  sd s5, 0x88(s0)
  li t2, 3
  sd t2, 0x98(s0)
  ld t2, 0x90(s0)
  beq t2, t1, 2f
  addi s3, s3, 1
2:
  add t1, s4, t1
3:
  ld t2, 0(s4)
  ld t3, 0(s5)
  beq t2, t3, 4f
  addi s3, s3, 1
4:
  sd zero, 0(s5)
  addi s4, s4, 8
  addi s5, s5, 8
  bne s4, t1, 3b
  addi s1, s1, -1
  bnez s1, copy
  PRINT_REG "wrong ", s3
  PASS
#include "print.h"
