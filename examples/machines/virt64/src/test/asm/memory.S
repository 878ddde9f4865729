# Loads and stores of every size at every alignment, across a page, and instructions across a page.
#include "board.h"
START
  ONLY_HART_0
  la s0, bytes
.irp name, lb, lh, lw, ld, lbu, lhu, lwu
  li s10, 0
  li s1, 0
1:
  add t0, s0, s1
  \name a4, 0(t0)
  slli t0, s10, 1
  srli t1, s10, 63
  or s10, t0, t1
  xor s10, s10, a4
  addi s1, s1, 1
  li t2, 24
  bne s1, t2, 1b
  PRINT_REG "\name ", s10
.endr
.irp name, sb, sh, sw, sd
  li s1, 0
2:
  la s2, page_end - 16
  sd zero, 0(s2)
  sd zero, 8(s2)
  sd zero, 16(s2)
  sd zero, 24(s2)
  add t0, s2, s1
  li a4, 0xf1f2f3f4f5f6f7f8
  \name a4, 0(t0)
  ld s3, 0(s2)
  ld s4, 8(s2)
  ld s5, 16(s2)
  ld s6, 24(s2)
  PRINT_REG "\name ", s3
  PRINT_REG "\name ", s4
  PRINT_REG "\name ", s5
  PRINT_REG "\name ", s6
  addi s1, s1, 3
  li t2, 24
  bne s1, t2, 2b
.endr
  # Code that was written is executed after a fence.
  la t0, patch
  lw t1, replacement
  sw t1, 0(t0)
  fence.i
  call patch
  PRINT_REG "patched ", a0
  lw t1, replacement2
  la t0, patch
  sw t1, 0(t0)
  fence.i
  call patch
  PRINT_REG "patched again ", a0
  call across
  PRINT_REG "across ", a0
  PASS

.align 2
.option push
.option norvc
replacement:
  li a0, 22
replacement2:
  li a0, 33
patch:
  li a0, 11
  ret
.option pop

.align 12
  .space 4094
across:
  lui a0, 0x12345
  ret

.data
.align 3
bytes:
  .dword 0x8081828384858687, 0x0102030405060708, 0xf0e0d0c0b0a09080, 0x7f6f5f4f3f2f1f0f
.align 12
  .space 4096
page_end:
  .space 4096
#include "print.h"
