# 200 legal requests of 62 buffers, each of which reads 32 MiB to the same place: 400 GB. The guest does nothing more.
#include "board.h"
#include "virtio.h"
START
  ONLY_HART_0
  call start_disk
  REGISTER 0x44, 0
  REGISTER 0x38, 256
  PLACE 0x80, long_table
  PLACE 0x90, long_available
  PLACE 0xa0, long_used
  REGISTER 0x44, 1
  REQUEST 0, 0
  # A chain: the header, 62 buffers, the outcome.
  la t0, long_table
  la t1, request
  sd t1, 0(t0)
  li t1, 16
  sw t1, 8(t0)
  li t1, 1
  sh t1, 12(t0)
  sh t1, 14(t0)
  li t2, 1
  li t3, 63
1:
  addi t0, t0, 16
  li t1, 0x81000000
  sd t1, 0(t0)
  li t1, 0x2000000
  sw t1, 8(t0)
  li t1, 3
  sh t1, 12(t0)
  addi t2, t2, 1
  sh t2, 14(t0)
  bne t2, t3, 1b
  addi t0, t0, 16
  la t1, outcome
  sd t1, 0(t0)
  li t1, 1
  sw t1, 8(t0)
  li t1, 2
  sh t1, 12(t0)
  la t0, long_available
  li t1, 200
  fence rw, rw
  sh t1, 2(t0)
  fence rw, rw
  sw zero, 0x50(s0)
  PRINT "asked\n"
2:
  j 2b
.section .bss
.align 12
long_table:
  .space 4096
long_available:
  .space 4096
long_used:
  .space 4096
.text
#include "print.h"
#include "virtio-driver.h"
