# Asks the host to write more bytes than there are, and waits for the answer.
.section .text.start, "ax"
.globl _start
_start:
  csrr a0, mhartid
  bnez a0, 3f
  la t0, block
  li t1, 64
  sd t1, 0(t0)
  li t1, 1
  sd t1, 8(t0)
  la t1, tohost
  sd t1, 16(t0)
  li t1, 0x7fffffffffffffff
  sd t1, 24(t0)
  fence
  la t2, tohost
  sd t0, 0(t2)
3:
  j 3b

.data
.align 6
.globl tohost
tohost:
  .dword 0
.align 6
.globl fromhost
fromhost:
  .dword 0
.align 6
block:
  .space 64
