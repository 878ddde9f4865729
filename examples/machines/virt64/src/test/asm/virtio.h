// A driver for the virtio disk that can be made to misbehave. Its subroutines are in virtio-driver.h.

#define DISK 0x10001000
#define QUEUE 8

.macro REGISTER offset, value
  li t0, \value
  sw t0, \offset(s0)
.endm

.macro PLACE offset, what
  la t0, \what
  sw t0, \offset(s0)
  srli t0, t0, 32
  sw t0, \offset+4(s0)
.endm

// A descriptor for memory at an address in t1.
.macro DESCRIBE index, length, flags, next
  la t0, descriptors + \index * 16
  sd t1, 0(t0)
  li t1, \length
  sw t1, 8(t0)
  li t1, \flags
  sh t1, 12(t0)
  li t1, \next
  sh t1, 14(t0)
.endm

.macro DESCRIPTOR index, symbol, length, flags, next
  la t1, \symbol
  DESCRIBE \index, \length, \flags, \next
.endm

.macro DESCRIPTOR_AT index, address, length, flags, next
  li t1, \address
  DESCRIBE \index, \length, \flags, \next
.endm

.macro REQUEST kind, sector
  la t0, request
  li t1, \kind
  sw t1, 0(t0)
  sw zero, 4(t0)
  li t1, \sector
  sd t1, 8(t0)
.endm

// Makes requests available from a head up to an index, and waits for what comes of it.
.macro SUBMIT head, index
  li a0, \head
  li a1, \index
  call submit
.endm

// A read of one sector, as every driver makes it.
.macro GOOD sector
  REQUEST 0, \sector
  DESCRIPTOR 0, request, 16, 1, 1
  DESCRIPTOR 1, buffer, 512, 3, 2
  DESCRIPTOR 2, outcome, 1, 2, 0
.endm

// What comes before an attack, and after it: the device must serve again.
.macro ATTACK text
  PRINT "\text\n"
  call start_disk
.endm

.macro RECOVER
  call start_disk
  la t0, buffer
  sd zero, 0(t0)
  GOOD 1
  SUBMIT 0, 1
.endm
