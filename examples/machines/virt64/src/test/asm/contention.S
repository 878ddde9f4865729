# Four harts add to the same cells: with amoadd, with lr and sc, under a lock of each kind, and in memory next to it.
#include "board.h"
#ifndef ROUNDS
#define ROUNDS 20000
#endif
#define HARTS 4
START
  mv s0, a0
  la s1, cells
  li s2, ROUNDS
1:
  li t0, 1
  amoadd.w zero, t0, 0(s1)
  addi t2, s1, 64
  amoadd.d zero, t0, (t2)
  addi t2, s1, 128
2:
  lr.d t3, (t2)
  addi t3, t3, 1
  sc.d t4, t3, (t2)
  bnez t4, 2b
  addi t2, s1, 192
3:
  lr.w.aq t3, (t2)
  addi t3, t3, 1
  sc.w.rl t4, t3, (t2)
  bnez t4, 3b
  # A lock of amoswap around a plain counter.
  addi t2, s1, 256
4:
  amoswap.w.aq t3, t0, (t2)
  bnez t3, 4b
  ld t4, 320(s1)
  addi t4, t4, 1
  sd t4, 320(s1)
  amoswap.w.rl zero, zero, (t2)
  # A lock of lr and sc around another.
  addi t2, s1, 384
5:
  lr.w.aq t3, (t2)
  bnez t3, 5b
  sc.w t4, t0, (t2)
  bnez t4, 5b
  ld t4, 448(s1)
  addi t4, t4, 1
  sd t4, 448(s1)
  fence rw, w
  sw zero, 0(t2)
  addi s2, s2, -1
  bnez s2, 1b
  # Each hart says that it is through; the first waits for all.
  addi t2, s1, 512
  li t0, 1
  amoadd.w.aqrl zero, t0, (t2)
  beqz s0, 7f
6:
  wfi
  j 6b
7:
  lw t3, 512(s1)
  li t4, HARTS
  bne t3, t4, 7b
  fence
  ld s3, 0(s1)
  PRINT_REG "amoadd.w ", s3
  ld s3, 64(s1)
  PRINT_REG "amoadd.d ", s3
  ld s3, 128(s1)
  PRINT_REG "lr.d sc.d ", s3
  ld s3, 192(s1)
  PRINT_REG "lr.w sc.w ", s3
  ld s3, 320(s1)
  PRINT_REG "lock of amoswap ", s3
  ld s3, 448(s1)
  PRINT_REG "lock of lr and sc ", s3
  PASS
.data
.align 6
cells:
  .space 1024
#include "print.h"
