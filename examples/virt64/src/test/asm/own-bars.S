# Moves the memory behind a PCI register while it is in use. For a function that QEMU does not have: nothing is recorded.
#include "board.h"
#define CONFIG 0x30010000
START
  ONLY_HART_0
  la t0, handler
  csrw mtvec, t0
  li s0, CONFIG
  # Its size, of 64 bits.
  li t0, -1
  sw t0, 24(s0)
  sw t0, 28(s0)
  lwu s1, 24(s0)
  lwu s2, 28(s0)
  PRINT_REG "size low ", s1
  PRINT_REG "size high ", s2
  # Below 4 GiB.
  li t0, 0x41000000
  sw t0, 24(s0)
  sw zero, 28(s0)
  li t0, 2
  sw t0, 4(s0)
  li s3, 0x41000000
  li t0, 0x1122334455667788
  sd t0, 64(s3)
  ld s4, 64(s3)
  PRINT_REG "first place ", s4
  # Above 4 GiB: the next instruction already finds it there, and nothing where it was.
  li t0, 4
  li s5, 0x441000000
  ld s4, 64(s3)
  sw t0, 28(s0)
  ld s4, 64(s5)
  PRINT_REG "second place ", s4
  li s6, 0
  ld s4, 64(s3)
  PRINT_REG "cause at the first ", s6
  li s6, 0
  sd s4, 64(s3)
  PRINT_REG "cause at the first ", s6
  # Switched off.
  sw zero, 4(s0)
  li s6, 0
  ld s4, 64(s5)
  PRINT_REG "cause when off ", s6
  PASS

.align 2
handler:
  csrr s6, mcause
  csrr t0, mepc
  lhu t1, 0(t0)
  andi t1, t1, 3
  addi t1, t1, -3
  addi t0, t0, 2
  bnez t1, 1f
  addi t0, t0, 2
1:
  csrw mepc, t0
  mret
#include "print.h"
