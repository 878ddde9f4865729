# A kernel that asks for interrupts when the transmitter is empty, and never looks what they were about: its handler
# claims and completes, and sends the next byte if there is one. The machine goes on.
#include "board.h"
START
  ONLY_HART_0
  la t0, handler
  csrw mtvec, t0
  li s2, 0
  la s3, message
  li s4, PLIC + 0x200000
  li t0, PLIC
  li t1, 1
  sw t1, 40(t0)
  li t0, PLIC + 0x2000
  li t1, 1 << 10
  sw t1, 0(t0)
  sw zero, 0(s4)
  li t0, 0x800
  csrw mie, t0
  csrsi mstatus, 8
  li t0, UART
  li t1, 2
  sb t1, 1(t0)
  # Not one instruction of this loop is reached if the line keeps the hart in its handler.
  li t0, 3000000
1:
  addi t0, t0, -1
  bnez t0, 1b
  csrci mstatus, 8
  PRINT_REG "interrupts ", s2
  # One that is not claimed goes away by itself, since sending lowers the line; so does its cause.
  li t0, UART
  lbu s7, 2(t0)
  PRINT_REG "identification ", s7
  lbu s7, 2(t0)
  PASS

.align 2
handler:
  csrw mscratch, t0
  addi s2, s2, 1
  lw s5, 4(s4)
  lbu s6, 0(s3)
  beqz s6, 2f
  li t0, UART
  sb s6, 0(t0)
  addi s3, s3, 1
2:
  sw s5, 4(s4)
  csrr t0, mscratch
  mret
.section .rodata
message:
  .asciz "sent by interrupts\n"
.text
#include "print.h"
