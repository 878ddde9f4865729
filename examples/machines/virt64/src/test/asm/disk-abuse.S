# A driver that gets one thing after the other wrong in its queue; after each the disk must serve again.
#include "board.h"
#include "virtio.h"
START
  ONLY_HART_0
  la t0, no_answer
  csrw mtvec, t0

  ATTACK "a good read"
  GOOD 1
  SUBMIT 0, 1

  ATTACK "an index of 60000"
  GOOD 1
  DESCRIPTOR 2, buffer, 1, 2, 0
  SUBMIT 0, 60000
  RECOVER

  ATTACK "a descriptor that leads to itself, over 32 MiB"
  REQUEST 0, 0
  DESCRIPTOR 0, request, 16, 1, 1
  DESCRIPTOR 1, buffer, 0x2000000, 3, 1
  SUBMIT 0, 1
  RECOVER

  ATTACK "a head behind the table"
  GOOD 1
  SUBMIT 8, 1
  RECOVER

  ATTACK "a next behind the table"
  GOOD 1
  DESCRIPTOR 1, buffer, 512, 3, 4000
  SUBMIT 0, 1
  RECOVER

  ATTACK "an empty buffer"
  GOOD 1
  DESCRIPTOR 1, buffer, 0, 3, 2
  SUBMIT 0, 1
  RECOVER

  ATTACK "a buffer to read after one to write"
  GOOD 1
  DESCRIPTOR 2, outcome, 1, 0, 0
  SUBMIT 0, 1
  RECOVER

  ATTACK "no room for the outcome"
  GOOD 1
  DESCRIPTOR 0, request, 16, 0, 0
  SUBMIT 0, 1
  RECOVER

  ATTACK "half a header"
  GOOD 1
  DESCRIPTOR 0, request, 8, 1, 1
  SUBMIT 0, 1
  RECOVER

  ATTACK "a header in two halves"
  REQUEST 0, 1
  DESCRIPTOR 0, request, 8, 1, 3
  DESCRIPTOR 3, request + 8, 8, 1, 1
  DESCRIPTOR 1, buffer, 512, 3, 2
  DESCRIPTOR 2, outcome, 1, 2, 0
  SUBMIT 0, 1
  RECOVER

  ATTACK "the outcome behind the data"
  REQUEST 0, 1
  DESCRIPTOR 0, request, 16, 1, 1
  DESCRIPTOR 1, buffer, 513, 2, 0
  SUBMIT 0, 1
  RECOVER

  ATTACK "sector 2^55"
  GOOD 0x80000000000000
  SUBMIT 0, 1
  RECOVER

  ATTACK "sector -1"
  GOOD -1
  SUBMIT 0, 1
  RECOVER

  ATTACK "a write to sector 2^55"
  GOOD 0x80000000000000
  REQUEST 1, 0x80000000000000
  DESCRIPTOR 1, buffer, 512, 1, 2
  SUBMIT 0, 1
  RECOVER

  ATTACK "the last sector, and one more"
  GOOD 127
  DESCRIPTOR 1, buffer, 1024, 3, 2
  SUBMIT 0, 1
  RECOVER

  ATTACK "the last sector"
  GOOD 127
  SUBMIT 0, 1

  ATTACK "half a sector"
  GOOD 1
  DESCRIPTOR 1, buffer, 256, 3, 2
  SUBMIT 0, 1
  RECOVER

  ATTACK "a request that is none"
  GOOD 1
  REQUEST 77, 1
  SUBMIT 0, 1
  RECOVER

  ATTACK "data where the buffer is to be read"
  GOOD 1
  DESCRIPTOR 1, buffer, 512, 1, 2
  SUBMIT 0, 1
  RECOVER

  PASS

no_answer:
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  mret
#include "print.h"
#include "virtio-driver.h"
