# The machine as a small teaching kernel uses it: three harts leave machine mode with everything delegated, have the
# supervisor's own timer, translate with leaves that nobody marked as accessed, read and write a virtio disk of version 2
# by interrupts through the PLIC, with eight descriptors and no more features than it needs, and run a user program.
#include "board.h"
#define DISK 0x10001000
#define HARTS 3
#define TICKS 3
#define KERNEL_LEAF 0xf
#define USER_LEAF 0x1f
#define USER 0x40000000

// Sleeps with interrupts on for a moment, until a register is not 0. The handler may use t0 to t2.
.macro SLEEP_UNTIL register
1:
  bnez \register, 2f
  wfi
  csrsi sstatus, 2
  nop
  csrci sstatus, 2
  j 1b
2:
.endm

.macro REGISTER offset, value
  li t0, \value
  sw t0, \offset(s0)
.endm

.macro PLACE offset, what
  la t0, \what
  sw t0, \offset(s0)
  srli t0, t0, 32
  sw t0, \offset+4(s0)
.endm

.macro DESCRIPTOR index, address, length, flags, next
  la t0, descriptors + \index * 16
  la t1, \address
  sd t1, 0(t0)
  li t1, \length
  sw t1, 8(t0)
  li t1, \flags
  sh t1, 12(t0)
  li t1, \next
  sh t1, 14(t0)
.endm

// Reads (data flags 3) or writes (data flags 1) two sectors, and waits for the interrupt.
.macro TRANSFER kind, sector, buffer, flags
  la t0, request
  li t1, \kind
  sw t1, 0(t0)
  sw zero, 4(t0)
  li t1, \sector
  sd t1, 8(t0)
  la t0, outcome
  li t1, 0xff
  sb t1, 0(t0)
  DESCRIPTOR 5, request, 16, 1, 2
  DESCRIPTOR 2, \buffer, 1024, \flags, 7
  DESCRIPTOR 7, outcome, 1, 2, 0
  la t0, available
  lhu t1, 2(t0)
  andi t2, t1, 7
  slli t2, t2, 1
  add t2, t2, t0
  li t3, 5
  sh t3, 4(t2)
  fence rw, rw
  addi t1, t1, 1
  sh t1, 2(t0)
  fence rw, rw
  li s10, 0
  sw zero, 0x50(s0)
  SLEEP_UNTIL s10
  PRINT_REG "claimed ", s10
  la t0, outcome
  lbu s7, 0(t0)
  PRINT_REG "outcome ", s7
  la t0, used
  lhu s7, 2(t0)
  PRINT_REG "used ", s7
.endm

START
  li t0, HARTS
  bgeu a0, t0, idle
  mv tp, a0
  li t0, 0xffff
  csrw medeleg, t0
  csrw mideleg, t0
  csrw satp, zero
  li t0, 0x222
  csrw sie, t0
  li t0, 0x3fffffffffffff
  csrw pmpaddr0, t0
  li t0, 0xf
  csrw pmpcfg0, t0
  li t0, 1 << 63
  csrs 0x30a, t0 # menvcfg
  csrsi mcounteren, 2
  csrr t0, time
  li t1, 10000
  add t0, t0, t1
  csrw 0x14d, t0 # stimecmp
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, 1 << 11
  csrs mstatus, t0
  la t0, supervisor
  csrw mepc, t0
  mret
idle:
  wfi
  j idle

supervisor:
  la t0, handler
  csrw stvec, t0
  bnez tp, 2f
  la t0, root
  li t1, KERNEL_LEAF
  sd t1, 0(t0)
  li t1, 0x80000000 >> 2 | KERNEL_LEAF
  sd t1, 16(t0)
  li t1, 0x80000000 >> 2 | USER_LEAF
  sd t1, 24(t0)
  fence rw, rw
  la t0, ready
  li t1, 1
  sw t1, 0(t0)
2:
  la t0, ready
  lw t1, 0(t0)
  beqz t1, 2b
  fence rw, rw
  sfence.vma
  la t0, root
  srli t0, t0, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li s8, 0
  li s9, 0
  SLEEP_UNTIL s8
  la t0, all_ticks
  amoadd.w.aqrl zero, s9, (t0)
  bnez tp, park
3:
  lw s7, 0(t0)
  li t1, HARTS * TICKS
  bne s7, t1, 3b
  PRINT_REG "ticks ", s7

  li t0, PLIC
  li t1, 1
  sw t1, 4(t0)
  li t0, PLIC + 0x2080
  li t1, 1 << 1
  sw t1, 0(t0)
  li t0, PLIC + 0x201000
  sw zero, 0(t0)

  li s0, DISK
  lwu s7, 0(s0)
  PRINT_REG "magic ", s7
  lwu s7, 4(s0)
  PRINT_REG "version ", s7
  lwu s7, 8(s0)
  PRINT_REG "kind ", s7
  lwu s7, 12(s0)
  PRINT_REG "vendor ", s7
  REGISTER 0x70, 0
  REGISTER 0x70, 1
  REGISTER 0x70, 3
  REGISTER 0x20, 0
  REGISTER 0x70, 11
  lwu s7, 0x70(s0)
  PRINT_REG "features accepted ", s7
  REGISTER 0x30, 0
  lwu s7, 0x44(s0)
  PRINT_REG "queue ready ", s7
  lwu s7, 0x34(s0)
  sltiu s7, s7, 8
  PRINT_REG "queue too small ", s7
  REGISTER 0x38, 8
  PLACE 0x80, descriptors
  PLACE 0x90, available
  PLACE 0xa0, used
  REGISTER 0x44, 1
  REGISTER 0x70, 15

  la t0, first_buffer
  li t1, 0x123456789abcdef
  li t2, 1024
  add t2, t2, t0
4:
  sd t1, 0(t0)
  addi t1, t1, 0x777
  addi t0, t0, 8
  bne t0, t2, 4b
  TRANSFER 1, 2, first_buffer, 1
  TRANSFER 0, 2, second_buffer, 3
  la t0, first_buffer
  la t1, second_buffer
  li t2, 128
  li s7, 0
5:
  ld t3, 0(t0)
  ld t4, 0(t1)
  xor t3, t3, t4
  or s7, s7, t3
  addi t0, t0, 8
  addi t1, t1, 8
  addi t2, t2, -1
  bnez t2, 5b
  PRINT_REG "differences ", s7
  TRANSFER 0, 6, second_buffer, 3
  la t0, second_buffer
  ld s7, 1016(t0)
  PRINT_REG "untouched ", s7
  TRANSFER 0, 1 << 20, second_buffer, 3

  # Into user mode, and back by a system call; then out of it by a timer.
  li t0, 1 << 8
  csrc sstatus, t0
  la t0, program
  li t1, USER
  add t0, t0, t1
  csrw sepc, t0
  li s11, 0
  sret
back:
  PRINT_REG "system call ", a7
  csrr s7, sstatus
  andi s7, s7, 0x100
  PRINT_REG "from a supervisor ", s7
  csrr s7, sepc
  addi s7, s7, 4
  csrw sepc, s7
  li s11, 1
  li s9, 0
  csrr t0, time
  csrw 0x14d, t0
  sret
out:
  csrr s7, scause
  PRINT_REG "interrupted by ", s7
  PASS
park:
  wfi
  j park

program:
  li a7, 42
  ecall
1:
  j 1b

.align 2
handler:
  csrr t0, scause
  bgez t0, 3f
  andi t0, t0, 15
  li t1, 9
  beq t0, t1, 2f
  # A timer.
  li t0, -1
  csrw 0x14d, t0
  bnez s11, out
  addi s9, s9, 1
  li t1, TICKS
  bne s9, t1, 1f
  li s8, 1
  sret
1:
  csrr t0, time
  li t1, 10000
  add t0, t0, t1
  csrw 0x14d, t0
  sret
2:
  li t0, PLIC + 0x201004
  lwu t1, 0(t0)
  beqz t1, 4f
  mv s10, t1
  li t2, DISK
  lw t0, 0x60(t2)
  andi t0, t0, 3
  sw t0, 0x64(t2)
  li t0, PLIC + 0x201004
  sw t1, 0(t0)
4:
  sret
3:
  li t1, 8
  beq t0, t1, back
  mv s7, t0
  PRINT_REG "unexpected trap in supervisor mode ", s7
  csrr s7, sepc
  PRINT_REG "at ", s7
  csrr s7, stval
  PRINT_REG "value ", s7
  FAIL(98)

.section .bss
.align 12
root:
  .space 4096
descriptors:
  .space 4096
available:
  .space 4096
used:
  .space 4096
first_buffer:
  .space 1024
second_buffer:
  .space 1024
request:
  .space 16
outcome:
  .space 8
ready:
  .space 8
all_ticks:
  .space 8
.text
#include "print.h"
