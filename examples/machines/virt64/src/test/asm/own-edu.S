# Copies that reach out of the buffer, by numbers that overflow; and one that does not. The last word of the buffer
# tells whether something was copied.
#include "board.h"
#define CONFIG 0x30008000
#define DEVICE 0x42000000
#define SOURCE 0x81000000
.macro COPY text, address, length
  li t0, SOURCE
  sd t0, 0x80(s0)
  li t0, \address
  sd t0, 0x88(s0)
  li t0, \length
  sd t0, 0x90(s0)
  li t0, 1
  sd t0, 0x98(s0)
  call look
  PRINT_REG "\text", s7
.endm
START
  ONLY_HART_0
  li s0, CONFIG
  li t0, DEVICE
  sw t0, 16(s0)
  li t0, 6
  sw t0, 4(s0)
  li s0, DEVICE
  li t0, SOURCE
  li t1, 0x1122334455667788
  li t2, 0xff8
  add t0, t0, t2
  sd t1, 0(t0)
  COPY "one byte in, 2^63-1 bytes ", 0x40001, 0x7fffffffffffffff
  COPY "-1 bytes ", 0x40000, -1
  COPY "one byte too many ", 0x40001, 4096
  COPY "from below ", 0x3ffff, 4096
  COPY "from the last address ", -1, 2
  COPY "nothing at the end ", 0x41000, 0
  COPY "nothing behind the end ", 0x41001, 0
  COPY "all ", 0x40000, 4096
  PASS
// The last word of the buffer, by a copy out of it.
look:
  li t0, 0x40ff8
  sd t0, 0x80(s0)
  li t0, SOURCE + 0x2000
  sd zero, 0(t0)
  sd t0, 0x88(s0)
  li t1, 8
  sd t1, 0x90(s0)
  li t1, 3
  sd t1, 0x98(s0)
  ld s7, 0(t0)
  ret
#include "print.h"
