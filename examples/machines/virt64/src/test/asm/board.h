// What every program starts and ends with.

#define FINISHER 0x100000
#define UART 0x10000000
#define CLINT 0x2000000
#define PLIC 0xc000000

#define START \
  .option norelax; \
  .section .text.start, "ax"; \
  .globl _start; \
_start: \
  csrr a0, mhartid; \
  la sp, stacks; \
  addi t0, a0, 1; \
  slli t0, t0, 12; \
  add sp, sp, t0; \
  la t0, unexpected; \
  csrw mtvec, t0;

#define ONLY_HART_0 \
  beqz a0, 9f; \
8: \
  wfi; \
  j 8b; \
9:

#define PASS \
  li t0, FINISHER; \
  li t1, 0x5555; \
  sw t1, 0(t0); \
7: \
  j 7b;

#define FAIL(code) \
  li t0, FINISHER; \
  li t1, (code) << 16 | 0x3333; \
  sw t1, 0(t0); \
7: \
  j 7b;

.macro PRINT text
  .pushsection .rodata
6:
  .asciz "\text"
  .popsection
  la a0, 6b
  call print_text
.endm

.macro PRINT_REG text, register
  mv s11, \register
  PRINT "\text"
  mv a0, s11
  call print_hex
.endm
