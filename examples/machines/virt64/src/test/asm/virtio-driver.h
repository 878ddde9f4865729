// Subroutines of virtio.h; t0 to t6 and a0 to a2 are theirs to use, s0 is the disk.

.text
start_disk:
  li s0, DISK
  sw zero, 0x70(s0)
  REGISTER 0x70, 3
  REGISTER 0x24, 1
  REGISTER 0x20, 1
  REGISTER 0x24, 0
  REGISTER 0x20, 0
  REGISTER 0x70, 11
  la t0, descriptors
  la t1, end_of_rings
1:
  sd zero, 0(t0)
  addi t0, t0, 8
  bltu t0, t1, 1b
  sw zero, 0x30(s0)
  REGISTER 0x38, QUEUE
  PLACE 0x80, descriptors
  PLACE 0x90, available
  PLACE 0xa0, used
  REGISTER 0x44, 1
  REGISTER 0x70, 15
  ret

// The queue is as start_disk left it; a0 is the head, a1 the new index. Waits for half a minute at most. Prints the bit
// that asks for a reset, the used index, and what stands where the outcome should be.
submit:
  mv s6, ra
  la t0, outcome
  li t1, 0xee
  sb t1, 0(t0)
  la t0, available
  sh a0, 4(t0)
  fence rw, rw
  sh a1, 2(t0)
  fence rw, rw
  sw zero, 0x50(s0)
  csrr t4, time
  li t5, 300000000
  add t4, t4, t5
1:
  csrr t5, time
  bgtu t5, t4, 2f
  lw t0, 0x70(s0)
  andi t0, t0, 0x40
  bnez t0, 2f
  la t1, used
  lhu t1, 2(t1)
  beqz t1, 1b
2:
  fence rw, rw
  lw s7, 0x70(s0)
  andi s7, s7, 0x40
  PRINT_REG "  needs reset ", s7
  la t0, used
  lhu s7, 2(t0)
  PRINT_REG "  used ", s7
  la t0, outcome
  lbu s7, 0(t0)
  PRINT_REG "  outcome ", s7
  jr s6

.section .bss
.align 12
descriptors:
  .space QUEUE * 16
.align 12
available:
  .space 6 + 2 * QUEUE
.align 12
used:
  .space 6 + 8 * QUEUE
.align 12
end_of_rings:
request:
  .space 16
outcome:
  .space 1
.align 12
buffer:
  .space 4096
.text
