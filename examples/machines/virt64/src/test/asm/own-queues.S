# Queues of impossible sizes, notified all the same, and memory that is none. QEMU looks at neither so early.
#include "board.h"
#include "virtio.h"
.macro SIZE text, size
  ATTACK "\text"
  REGISTER 0x44, 0
  REGISTER 0x38, \size
  REGISTER 0x44, 1
  GOOD 1
  SUBMIT 0, 1
  RECOVER
.endm
START
  ONLY_HART_0
  SIZE "no descriptors", 0
  SIZE "three descriptors", 3
  SIZE "512 descriptors", 512
  SIZE "-1 descriptors", -1
  ATTACK "rings beyond the last address"
  REGISTER 0x44, 0
  li t0, -4
  sw t0, 0x90(s0)
  sw t0, 0x94(s0)
  REGISTER 0x44, 1
  GOOD 1
  SUBMIT 0, 1
  RECOVER
  ATTACK "rings where there is no memory"
  REGISTER 0x44, 0
  sw zero, 0x90(s0)
  li t0, 0x100
  sw t0, 0x94(s0)
  REGISTER 0x44, 1
  GOOD 1
  SUBMIT 0, 1
  RECOVER
  ATTACK "a status that forgets"
  REGISTER 0x44, 0
  REGISTER 0x38, 0
  REGISTER 0x44, 1
  REGISTER 0x70, 15
  GOOD 1
  SUBMIT 0, 1
  RECOVER
  ATTACK "a header where there is no memory"
  GOOD 1
  DESCRIPTOR_AT 0, 0x1000000000, 16, 1, 1
  SUBMIT 0, 1
  RECOVER

  ATTACK "data for where there is no memory"
  GOOD 1
  DESCRIPTOR_AT 1, 0x1000000000, 512, 3, 2
  SUBMIT 0, 1
  RECOVER

  ATTACK "data beyond the last address"
  GOOD 1
  DESCRIPTOR_AT 1, -256, 512, 3, 2
  SUBMIT 0, 1
  RECOVER

  PASS
#include "print.h"
#include "virtio-driver.h"
