# What traps leave in mcause, mepc and mtval, in all modes, delegated and not; and who may touch which register.
#include "board.h"

// Runs what is between TRY and CAUGHT in the present mode, and prints how it trapped.
.macro TRY text
  la s8, 1f
  PRINT "\text"
.endm
.macro CAUGHT
1:
  call report
.endm

START
  ONLY_HART_0
  la t0, handler
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0

  TRY "illegal 0 "
  .half 0
  CAUGHT
  TRY "illegal -1 "
  .word 0xffffffff
  CAUGHT
  TRY "floating point "
  .word 0x00000053
  CAUGHT
  TRY "unknown register "
  csrr a0, 0x7c0
  CAUGHT
  TRY "write to a read-only register "
  csrw mhartid, zero
  CAUGHT
  TRY "csrs of nothing to a read-only register "
  csrrs a0, mhartid, zero
  ecall
  CAUGHT
  TRY "ecall from machine mode "
  ecall
  CAUGHT
  TRY "load from nowhere "
  li a1, 0x50
  ld a0, 0(a1)
  CAUGHT
  TRY "store to nowhere "
  li a1, 0x58
  sd a0, 0(a1)
  CAUGHT
  TRY "store to the reset vector's other side "
  li a1, 0x400000000000
  sb a0, 1(a1)
  CAUGHT
  TRY "misaligned lr "
  la a1, stacks + 1
  lr.w a0, (a1)
  CAUGHT
  TRY "misaligned amo "
  la a1, stacks + 2
  amoadd.d a0, a0, (a1)
  CAUGHT
  TRY "jump to nowhere "
  la s7, 1f
  li a1, 0x60
  jr a1
  CAUGHT

  # Supervisor and user mode, nothing delegated.
.macro IN mode, text
  TRY "\text"
  la t0, 2f
  csrw mepc, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, \mode << 11
  csrs mstatus, t0
  la s7, 1f
  mret
2:
.endm
  IN 1, "ecall from supervisor mode "
  ecall
  CAUGHT
  IN 0, "ecall from user mode "
  ecall
  CAUGHT
  IN 1, "machine register from supervisor mode "
  csrr a0, mstatus
  CAUGHT
  IN 0, "supervisor register from user mode "
  csrr a0, sstatus
  CAUGHT
  IN 0, "sret from user mode "
  sret
  CAUGHT
  IN 1, "mret from supervisor mode "
  mret
  CAUGHT
  IN 0, "wfi in user mode "
  wfi
  CAUGHT
  IN 0, "sfence.vma in user mode "
  sfence.vma
  CAUGHT
  IN 0, "cycle from user mode, not allowed "
  csrr a0, cycle
  CAUGHT
  li t0, 7
  csrw mcounteren, t0
  IN 0, "cycle from user mode, by machine mode only "
  csrr a0, cycle
  CAUGHT
  IN 1, "cycle from supervisor mode "
  csrr a0, cycle
  ecall
  CAUGHT
  li t0, 7
  csrw scounteren, t0
  IN 0, "cycle from user mode, allowed "
  csrr a0, cycle
  csrr a0, time
  csrr a0, instret
  ecall
  CAUGHT
  li t0, 1 << 20
  csrs mstatus, t0
  IN 1, "satp with TVM "
  csrr a0, satp
  CAUGHT
  IN 1, "sfence.vma with TVM "
  sfence.vma
  CAUGHT
  li t0, 1 << 20
  csrc mstatus, t0
  li t0, 1 << 21
  csrs mstatus, t0
  IN 1, "wfi with TW "
  wfi
  CAUGHT
  li t0, 1 << 21
  csrc mstatus, t0
  li t0, 1 << 22
  csrs mstatus, t0
  IN 1, "sret with TSR "
  sret
  CAUGHT
  li t0, 1 << 22
  csrc mstatus, t0

  # Delegated: the supervisor's handler prints and comes back by an ecall of its own.
  li t0, 0x104
  csrw medeleg, t0
  la t0, supervisor_handler
  csrw stvec, t0
  IN 0, "delegated illegal instruction "
  .word 0xffffffff
  CAUGHT
  IN 0, "delegated ecall "
  ecall
  CAUGHT
  csrw medeleg, zero

  # What registers hold after all ones and all zeros were written.
.macro WARL register
  li t0, -1
  csrw \register, t0
  csrr s9, \register
  PRINT_REG "\register ones ", s9
  csrw \register, zero
  csrr s9, \register
  PRINT_REG "\register zeros ", s9
.endm
  csrci mstatus, 8
.irp register, mscratch, sscratch, stval, mtval
  WARL \register
.endr
  li t0, -1
  csrw sie, t0
  csrr s9, sie
  PRINT_REG "sie without delegation ", s9
  li t0, 0x222
  csrw mideleg, t0
  li t0, -1
  csrw sie, t0
  csrr s9, sie
  PRINT_REG "sie ", s9
  csrw sie, zero
  li t0, -1
  csrw sip, t0
  csrr s9, mip
  andi s9, s9, 0x222
  PRINT_REG "mip after sip ones ", s9
  csrw sip, zero
  li t0, 0x222
  csrs mip, t0
  csrr s9, sip
  PRINT_REG "sip after mip ", s9
  csrw mip, zero
  li t0, 0x800000000000005a
  csrw satp, t0
  csrr s9, satp
  PRINT_REG "satp ", s9
  li t0, 0x700000000000005b
  csrw satp, t0
  csrr s9, satp
  PRINT_REG "satp of a mode that is not there ", s9
  csrw satp, zero
  PASS

// Returns to s8 in machine mode, with what trapped in s2 to s5.
.align 2
handler:
  csrr s2, mcause
  csrr s3, mepc
  csrr s4, mtval
  csrr s5, mstatus
  csrw mepc, s8
  li t0, 3 << 11
  csrs mstatus, t0
  mret

.align 2
supervisor_handler:
  csrr s6, scause
  PRINT_REG "scause ", s6
  csrr s6, stval
  PRINT_REG "stval ", s6
  csrr s6, sstatus
  andi s6, s6, 0x122
  PRINT_REG "sstatus ", s6
  ecall

report:
  mv s1, ra
  mv a0, s2
  call print_hex
  PRINT "  value "
  mv a0, s4
  call print_hex
  PRINT "  mpp "
  srli a0, s5, 11
  andi a0, a0, 3
  call print_hex
  mv ra, s1
  ret
#include "print.h"
