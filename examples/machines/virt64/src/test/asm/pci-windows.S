# Nobody answers in a PCI window, or for a function that is not there: reads give all ones, writes go nowhere.
#include "board.h"

.macro NOBODY text, address
  li s7, \address
  sd zero, 0(s7)
  lbu s8, 1(s7)
  PRINT_REG "\text byte ", s8
  lwu s8, 4(s7)
  PRINT_REG "\text word ", s8
  ld s8, 8(s7)
  PRINT_REG "\text double ", s8
.endm

START
  ONLY_HART_0
  NOBODY "ports", 0x3004000
  NOBODY "memory", 0x48000000
  NOBODY "high memory", 0x480000000
  li s7, 0x30000000 + (31 << 15)
  lwu s8, 0(s7)
  PRINT_REG "function ", s8
  PASS
#include "print.h"
