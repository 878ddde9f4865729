# Every instruction of RV64C.
#include "board.h"
.option rvc
START
  ONLY_HART_0
  la s0, scratch
  li a0, 0x123456789abcdef0
  c.sd a0, 8(s0)
  c.ld a1, 8(s0)
  PRINT_REG "c.sd c.ld ", a1
  li a0, 0xfedcba98
  la s0, scratch
  c.sw a0, 124(s0)
  c.lw a1, 124(s0)
  PRINT_REG "c.sw c.lw ", a1
  addi sp, sp, -512
  li a0, 0x1122334455667788
  c.sdsp a0, 504(sp)
  c.ldsp a1, 504(sp)
  PRINT_REG "c.sdsp c.ldsp ", a1
  li a0, 0x99aabbcc
  c.swsp a0, 252(sp)
  c.lwsp a1, 252(sp)
  PRINT_REG "c.swsp c.lwsp ", a1
  mv s2, sp
  c.addi16sp sp, -512
  sub a1, sp, s2
  c.addi16sp sp, 496
  sub a2, sp, s2
  mv sp, s2
  PRINT_REG "c.addi16sp ", a1
  PRINT_REG "c.addi16sp ", a2
  c.addi4spn a3, sp, 1020
  sub a1, a3, sp
  addi sp, sp, 512
  PRINT_REG "c.addi4spn ", a1
  li a1, 0x7fffffff
  c.addi a1, -32
  PRINT_REG "c.addi ", a1
  li a1, 0x7fffffff
  c.addiw a1, 31
  PRINT_REG "c.addiw ", a1
  c.li a1, -32
  PRINT_REG "c.li ", a1
  c.lui a1, 0xfffe0
  PRINT_REG "c.lui ", a1
  li a1, 0x8000000000000001
  c.srli a1, 63
  PRINT_REG "c.srli ", a1
  li a1, 0x8000000000000001
  c.srai a1, 62
  PRINT_REG "c.srai ", a1
  li a1, 0x123456789
  c.andi a1, -16
  PRINT_REG "c.andi ", a1
  li a1, 0x123456789
  c.slli a1, 33
  PRINT_REG "c.slli ", a1
.macro TWO name
  li a1, 0x7123456789abcdef
  li a2, 0x1111111181111111
  \name a1, a2
  PRINT_REG "\name ", a1
.endm
.irp name, c.sub, c.xor, c.or, c.and, c.subw, c.addw, c.add, c.mv
  TWO \name
.endr
  li s1, 0
  c.beqz s1, 1f
  c.addi s1, 1
1:
  c.bnez s1, 2f
  c.addi s1, 2
2:
  c.j 3f
  c.addi s1, 4
3:
  la a1, 4f
  c.jr a1
  c.addi s1, 8
4:
  la a1, 5f
  c.jalr a1
  c.addi s1, 8
5:
  la a2, 4b
  sub a3, ra, a2
  PRINT_REG "jumps ", s1
  PRINT_REG "c.jalr links ", a3
  li s1, 100
6:
  c.addi s1, -1
  c.bnez s1, 6b
  PRINT_REG "loop ", s1
  PASS

.data
.align 3
scratch:
  .space 256
#include "print.h"
