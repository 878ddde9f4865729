# Flushes, as many as the queue holds, for ever.
#include "board.h"
#include "virtio.h"
START
  ONLY_HART_0
  call start_disk
  REQUEST 4, 0
  DESCRIPTOR 0, request, 16, 1, 1
  DESCRIPTOR 1, outcome, 1, 2, 0
  PRINT "asked\n"
1:
  la t0, used
  lhu t1, 2(t0)
  addi t1, t1, QUEUE
  la t0, available
  fence rw, rw
  sh t1, 2(t0)
  fence rw, rw
  sw zero, 0x50(s0)
  j 1b
#include "print.h"
#include "virtio-driver.h"
