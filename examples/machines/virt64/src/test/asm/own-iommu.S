# A driver of the IOMMU: a directory, a first stage, an MSI table and both queues; a device that copies through it, a
# fault that is taken as an interrupt and answered by mapping the page, a message that becomes an interrupt of the hart
# and one that waits in memory, the IOMMU's own message, and a question to its debug interface. QEMU 7.2 has no such
# IOMMU: nothing is recorded.
#include "board.h"
#define CONFIG 0x30008000
#define DEVICE 0x42000000
#define REQUESTER 8
#define IOMMU 0x3010000
#define FCTL 8
#define DDTP 16
#define CQB 24
#define CQT 36
#define FQB 40
#define FQH 48
#define FQT 52
#define CQCSR 72
#define FQCSR 76
#define IPSR 84
#define TR_REQ_IOVA 600
#define TR_REQ_CTL 608
#define TR_RESPONSE 616
#define ICVEC 760
#define MESSAGES 768
#define WIRE 36

#define DIRECTORY 0x80400000
#define COMMANDS 0x80401000
#define FAULTS 0x80402000
#define ROOT 0x80403000
#define MIDDLE 0x80404000
#define LEAVES 0x80405000
#define MSI_TABLE 0x80406000
#define MAILBOX 0x80407000
#define MRIF 0x80408000
#define SOURCE 0x80410000
#define DESTINATION 0x80411000
#define LATE 0x80412000

#define IOVA 0x10000000
#define READ_ONLY 0x53
#define WRITABLE 0xd7
#define FILES 0x28000000
#define BUFFER 0x40000

.macro STORE address, value
  li t0, \address
  li t1, \value
  sd t1, 0(t0)
.endm

# a3 and a4 are the doublewords.
.macro COMMAND low, high
  li a3, \low
  li a4, \high
  call command
.endm

# Writes a number to the mailbox when all before is done.
.macro FENCE number
  COMMAND 0x402 | \number << 32, (MAILBOX + 8) >> 2
  li t0, MAILBOX + 8
  li t1, \number
1:
  lw t2, 0(t0)
  bne t1, t2, 1b
.endm

# Copies a page or less: 1 reads memory into the device's buffer, 3 writes it. The count is 0 if that was refused.
.macro COPY from, to, bytes, way
  li t0, \from
  sd t0, 0x80(s0)
  li t0, \to
  sd t0, 0x88(s0)
  li t0, \bytes
  sd t0, 0x90(s0)
  li t0, \way
  sd t0, 0x98(s0)
  ld s3, 0x90(s0)
.endm

.macro WAIT_FOR text
1:
  csrci mstatus, 8
  bnez s4, 2f
  wfi
  csrsi mstatus, 8
  j 1b
2:
  PRINT_REG "\text", s4
  li s4, 0
.endm

START
  ONLY_HART_0
  li s2, 0
  li s4, 0
  la t0, handler
  csrw mtvec, t0
  li t0, CONFIG
  li t1, DEVICE
  sw t1, 16(t0)
  li t1, 6
  sw t1, 4(t0)
  li s0, DEVICE
  li s1, IOMMU
  lbu s3, 3(s0)
  ld t0, 0(s1)
  andi s3, t0, 0xff
  PRINT_REG "version ", s3

  # Off, then the queues, the directory and the tables.
  sd zero, DDTP(s1)
  li t0, COMMANDS >> 2 | 7
  sd t0, CQB(s1)
  li t0, FAULTS >> 2 | 6
  sd t0, FQB(s1)
  li t0, 1
  sw t0, CQCSR(s1)
  li t0, 3
  sw t0, FQCSR(s1)
  STORE DIRECTORY + 64 * REQUESTER, 1
  STORE DIRECTORY + 64 * REQUESTER + 16, 7 << 12
  STORE DIRECTORY + 64 * REQUESTER + 24, 8 << 60 | ROOT >> 12
  STORE DIRECTORY + 64 * REQUESTER + 32, 1 << 60 | MSI_TABLE >> 12
  STORE DIRECTORY + 64 * REQUESTER + 40, 1
  STORE DIRECTORY + 64 * REQUESTER + 48, FILES >> 12
  STORE ROOT, MIDDLE >> 2 | 1
  STORE MIDDLE + 8 * 128, LEAVES >> 2 | 1
  STORE LEAVES + 8 * 0, SOURCE >> 2 | READ_ONLY
  STORE LEAVES + 8 * 1, DESTINATION >> 2 | WRITABLE
  STORE LEAVES + 8 * 3, FILES >> 2 | WRITABLE
  STORE LEAVES + 8 * 4, (FILES + 0x1000) >> 2 | WRITABLE
  # The first file is the page of the CLINT, the second one is in memory.
  STORE MSI_TABLE, CLINT >> 2 | 7
  STORE MSI_TABLE + 16, MRIF >> 2 | 3
  STORE MSI_TABLE + 24, MAILBOX >> 2 | 5
  li t0, DIRECTORY >> 2 | 2
  sd t0, DDTP(s1)
  COMMAND 3, 0
  FENCE 1

  # Every word of the source is its own address, mixed.
  li t0, SOURCE
  li t1, SOURCE + 4096
  li t3, 0x9e3779b97f4a7c15
1:
  mul t2, t0, t3
  sd t2, 0(t0)
  addi t0, t0, 8
  bne t0, t1, 1b
  COPY IOVA, BUFFER, 4096, 1
  PRINT_REG "read ", s3
  COPY BUFFER, IOVA + 0x1000, 4096, 3
  PRINT_REG "written ", s3
  li t0, SOURCE
  li t1, DESTINATION
  li s3, 0
  li t4, 512
1:
  ld t2, 0(t0)
  ld t3, 0(t1)
  beq t2, t3, 2f
  addi s3, s3, 1
2:
  addi t0, t0, 8
  addi t1, t1, 8
  addi t4, t4, -1
  bnez t4, 1b
  PRINT_REG "wrong ", s3

  # The wire of the fault queue is the PLIC's source 36, and the hart's external interrupt.
  li t0, PLIC + 4 * WIRE
  li t1, 5
  sw t1, 0(t0)
  li t0, PLIC + 0x2004
  li t1, 1 << (WIRE - 32)
  sw t1, 0(t0)
  li t0, PLIC + 0x200000
  sw zero, 0(t0)
  li t0, 0x808
  csrw mie, t0
  COPY BUFFER, IOVA + 0x2008, 8, 3
  PRINT_REG "refused ", s3
  WAIT_FOR "interrupt "
  PRINT_REG "claimed ", s5
  li s6, FAULTS
  ld s3, 0(s6)
  PRINT_REG "record ", s3
  ld s3, 16(s6)
  PRINT_REG "iova ", s3
  # The answer: map it, say so, take the record, or one for each byte, and try again.
  STORE LEAVES + 8 * 2, LATE >> 2 | WRITABLE
  COMMAND 0x401, (IOVA + 0x2000) >> 12 << 10
  FENCE 2
  lw s7, FQT(s1)
  sw s7, FQH(s1)
  COPY BUFFER, IOVA + 0x2008, 8, 3
  PRINT_REG "and then ", s3
  li t0, LATE + 8
  li t1, SOURCE
  ld t0, 0(t0)
  ld t1, 0(t1)
  sub s3, t0, t1
  PRINT_REG "difference ", s3
  # A page that can only be read.
  COPY BUFFER, IOVA, 8, 3
  PRINT_REG "read-only ", s3
  WAIT_FOR "interrupt "
  slli s7, s7, 5
  add s6, s6, s7
  ld s3, 0(s6)
  PRINT_REG "record ", s3
  lw s7, FQT(s1)
  sw s7, FQH(s1)

  # A message of the device is an interrupt of this hart.
  la t0, one
  li t1, DESTINATION
  ld t2, 0(t0)
  sd t2, 0(t1)
  COPY IOVA + 0x1000, BUFFER, 4, 1
  COPY BUFFER, IOVA + 0x3000, 4, 3
  PRINT_REG "message ", s3
  WAIT_FOR "interrupt "
  # Another waits in memory, and a notice tells of it.
  li t0, DESTINATION
  li t1, 0x47
  sw t1, 0(t0)
  COPY IOVA + 0x1000, BUFFER, 4, 1
  COPY BUFFER, IOVA + 0x4000, 4, 3
  PRINT_REG "message ", s3
  li t0, MRIF + 16
  ld s3, 0(t0)
  PRINT_REG "pending ", s3
  li t0, MAILBOX
  lw s3, 0(t0)
  PRINT_REG "notice ", s3

  # What the tables say of an address.
  li t0, IOVA + 0x1000
  sd t0, TR_REQ_IOVA(s1)
  li t0, REQUESTER << 40 | 1
  sd t0, TR_REQ_CTL(s1)
  ld s3, TR_RESPONSE(s1)
  PRINT_REG "leads to ", s3

  # Interrupts as messages: an illegal command sends one to the mailbox.
  sd zero, DDTP(s1)
  sw zero, CQCSR(s1)
  sw zero, FQCSR(s1)
  sw zero, FCTL(s1)
  li t0, 2
  sd t0, ICVEC(s1)
  li t0, MAILBOX + 16
  sd t0, MESSAGES + 32(s1)
  li t0, 0x77
  sw t0, MESSAGES + 40(s1)
  sw zero, CQT(s1)
  li t0, 3
  sw t0, CQCSR(s1)
  li s2, 0
  COMMAND 0, 0
  li t0, MAILBOX + 16
  lw s3, 0(t0)
  PRINT_REG "its own message ", s3
  lw s3, CQCSR(s1)
  PRINT_REG "status ", s3
  PASS

command:
  slli t0, s2, 4
  li t1, COMMANDS
  add t0, t0, t1
  sd a3, 0(t0)
  sd a4, 8(t0)
  addi s2, s2, 1
  andi s2, s2, 255
  sw s2, CQT(s1)
  ret

.align 2
handler:
  csrr s4, mcause
  bgez s4, unexpected
  andi t1, s4, 63
  li t0, 11
  beq t1, t0, 1f
  li t0, CLINT
  sw zero, 0(t0)
  mret
1:
  li t0, PLIC + 0x200004
  lw s5, 0(t0)
  li t1, 2
  sw t1, IPSR(s1)
  sw s5, 0(t0)
  mret

.data
.align 3
one:
  .dword 1
#include "print.h"
