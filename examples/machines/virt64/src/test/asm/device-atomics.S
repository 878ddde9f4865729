# Atomics on devices' registers: a load, and a store of the result.
#include "board.h"
#define RTC 0x101000
#define VIRTIO 0x10001000
.macro OLD text, register
  PRINT_REG "\text", \register
.endm
START
  ONLY_HART_0
  la t0, trapped
  csrw mtvec, t0
  csrw mie, zero
  li s0, CLINT
  li t0, 1
  amoor.w s1, t0, (s0)
  OLD "software before ", s1
  csrr s1, mip
  andi s1, s1, 8
  OLD "pending ", s1
  li t0, 0
  amoswap.w s1, t0, (s0)
  OLD "software ", s1
  csrr s1, mip
  andi s1, s1, 8
  OLD "pending ", s1
  li s0, CLINT + 0x4000
  li t0, -1
  sd t0, 0(s0)
  li t0, -3
  amoadd.d s1, t0, (s0)
  OLD "compare ", s1
  ld s1, 0(s0)
  OLD "compare after ", s1
  li t0, 100
  amominu.d s1, t0, (s0)
  OLD "compare ", s1
  ld s1, 0(s0)
  OLD "compare after ", s1
  li t0, -1
  sd t0, 0(s0)
  li s0, PLIC + 40
  li t0, 3
  sw t0, 0(s0)
  li t0, 2
  amoadd.w s1, t0, (s0)
  OLD "priority ", s1
  lw s1, 0(s0)
  OLD "priority after ", s1
  li t0, 6
  amoand.w s1, t0, (s0)
  OLD "priority ", s1
  amoxor.w s1, t0, (s0)
  OLD "priority ", s1
  lw s1, 0(s0)
  OLD "priority after ", s1
  li s0, PLIC + 44
  sw zero, 0(s0)
  lr.w s1, (s0)
  OLD "reserved ", s1
  li t0, 5
  sc.w s1, t0, (s0)
  OLD "conditional ", s1
  lw s1, 0(s0)
  OLD "priority after ", s1
  lr.w s1, (s0)
  li t0, 1
  sw t0, 0(s0)
  li t0, 4
  sc.w s1, t0, (s0)
  OLD "conditional ", s1
  lw s1, 0(s0)
  OLD "priority after ", s1
  li s0, RTC + 12
  li t0, 0x123
  sw t0, 0(s0)
  li t0, 0x1000
  amomax.w s1, t0, (s0)
  OLD "alarm ", s1
  lw s1, 0(s0)
  OLD "alarm after ", s1
  # A register that only reads as one value.
  li s0, VIRTIO
  li t0, -1
  amoswap.w s1, t0, (s0)
  OLD "magic ", s1
  lw s1, 0(s0)
  OLD "magic after ", s1
  # Atomics must be aligned on devices as well.
  li s0, PLIC + 42
  amoadd.w s1, t0, (s0)
  OLD "cause ", s8
  # The last: an atomic ends the run.
  li s0, FINISHER
  li t0, 0x5555
  amoswap.w s1, t0, (s0)
1:
  j 1b
.align 2
trapped:
  csrr s8, mcause
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  mret
#include "print.h"
