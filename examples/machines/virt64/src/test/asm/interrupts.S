# Software, timer and external interrupts: directly, through a vector table, delegated, and out of wfi; and one hart that interrupts another.
#include "board.h"

.macro WAIT_FOR text
1:
  csrci mstatus, 8
  bnez s2, 2f
  wfi
  csrsi mstatus, 8
  j 1b
2:
  PRINT_REG "\text", s2
  li s2, 0
  csrsi mstatus, 8
.endm

START
  bnez a0, second
  li s2, 0
  la t0, handler
  csrw mtvec, t0
  # The timer of a fresh machine may be due.
  li t0, CLINT + 0x4000
  li t1, -1
  sd t1, 0(t0)
  csrsi mstatus, 8

  li t0, 8
  csrw mie, t0
  li t0, CLINT
  li t1, 1
  sw t1, 0(t0)
  WAIT_FOR "software "

  li t0, 0x80
  csrw mie, t0
  li t0, CLINT + 0xbff8
  ld t1, 0(t0)
  li t2, 20000
  add t1, t1, t2
  li t0, CLINT + 0x4000
  sd t1, 0(t0)
  WAIT_FOR "timer "

  # The serial port's transmitter is always empty: source 10, context 0.
  li t0, PLIC
  li t1, 5
  sw t1, 40(t0)
  li t0, PLIC + 0x2000
  li t1, 1 << 10
  sw t1, 0(t0)
  li t0, PLIC + 0x200000
  sw zero, 0(t0)
  li t0, 0x800
  csrw mie, t0
  li t0, UART
  li t1, 2
  sb t1, 1(t0)
  WAIT_FOR "external "
  PRINT_REG "claimed ", s5

  # A threshold keeps it away.
  li t0, PLIC + 0x200000
  li t1, 5
  sw t1, 0(t0)
  li t0, UART
  sb zero, 1(t0)
  li t1, 2
  sb t1, 1(t0)
  csrr s7, mip
  srli s7, s7, 11
  andi s7, s7, 1
  PRINT_REG "below the threshold ", s7
  li t0, UART
  sb zero, 1(t0)

  # Vectored.
  la t0, vector
  ori t0, t0, 1
  csrw mtvec, t0
  li t0, 8
  csrw mie, t0
  li t0, CLINT
  li t1, 1
  sw t1, 0(t0)
  WAIT_FOR "vectored "
  la t0, handler
  csrw mtvec, t0

  # Supervisor interrupts stay in machine mode unless delegated.
  li t0, 0x222
  csrw mideleg, zero
  csrci mstatus, 8
  csrw mie, t0
  li t0, 0x200
  csrw mip, t0
  li s2, 0
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  mv s7, s2
  PRINT_REG "not delegated ", s7
  csrw mip, zero

  # Delegated ones do not interrupt machine mode.
  li t0, 0x222
  csrw mideleg, t0
  li t0, 0x200
  csrw mip, t0
  li s2, 0
  csrsi mstatus, 8
  nop
  nop
  csrci mstatus, 8
  mv s7, s2
  PRINT_REG "delegated, in machine mode ", s7

  # They do interrupt user mode.
  la t0, supervisor_handler
  csrw stvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  la t0, 1f
  csrw mepc, t0
  li t0, 3 << 11
  csrc mstatus, t0
  la s8, 2f
  mret
1:
  j 1b
2:
  csrw mip, zero
  PRINT_REG "delegated, in user mode ", s6

  # A pending interrupt that is disabled everywhere still ends wfi.
  csrci mstatus, 8
  li t0, 8
  csrw mie, t0
  li t0, CLINT
  li t1, 1
  sw t1, 0(t0)
  wfi
  li t0, CLINT
  sw zero, 0(t0)
  PRINT_REG "wfi ends ", zero

  # The second hart answers.
  li t0, CLINT
  li t1, 1
  sw t1, 4(t0)
3:
  la t0, answer
  lw t1, 0(t0)
  beqz t1, 3b
  PRINT_REG "the other hart ", t1
  PASS

second:
  li t0, 1
  bne a0, t0, 5f
  la t0, 4f
  csrw mtvec, t0
  li t0, 8
  csrw mie, t0
  csrsi mstatus, 8
5:
  wfi
  j 5b
.align 2
4:
  li t0, CLINT
  sw zero, 4(t0)
  csrr t1, mcause
  andi t1, t1, 63
  la t0, answer
  sw t1, 0(t0)
  mret

.align 2
handler:
  csrr s2, mcause
  li t0, CLINT
  sw zero, 0(t0)
  li t1, -1
  li t0, CLINT + 0x4000
  sd t1, 0(t0)
  andi t1, s2, 63
  li t0, 11
  beq t1, t0, 1f
  li t0, 9
  beq t1, t0, 2f
  csrr t1, mcause
  bgez t1, 3f
  mret
1:
  li t0, PLIC + 0x200004
  lw s5, 0(t0)
  li t1, UART
  sb zero, 1(t1)
  sw s5, 0(t0)
  mret
2:
  csrr t1, mcause
  bgez t1, 3f
  csrw mip, zero
  mret
3:
  csrw mepc, s8
  li t0, 3 << 11
  csrs mstatus, t0
  mret

.align 2
supervisor_handler:
  csrr s6, scause
  csrw sie, zero
  ecall

.align 8
vector:
  j unexpected
  j unexpected
  j unexpected
  j vectored
.align 2
vectored:
  li s2, 0x33
  li t0, CLINT
  sw zero, 0(t0)
  mret

.data
.align 3
answer:
  .dword 0
#include "print.h"
