# Moves the memory behind a PCI register while it is in use. For a function that QEMU does not have: nothing is recorded.
#include "board.h"
#define CONFIG 0x30010000
START
  ONLY_HART_0
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
  ld s6, 64(s3)
  PRINT_REG "at the first ", s6
  sd zero, 64(s3)
  ld s6, 64(s5)
  PRINT_REG "still at the second ", s6
  # Switched off.
  sw zero, 4(s0)
  ld s6, 64(s5)
  PRINT_REG "when off ", s6
  PASS
#include "print.h"
