# Buffers of nearly 2 and 4 GiB, for a disk of 2 GiB and a machine that has less memory. QEMU is not asked, since its
# recorder has no such disk.
#include "board.h"
#include "virtio.h"
START
  ONLY_HART_0
  ATTACK "2 GiB less a byte"
  GOOD 0
  DESCRIPTOR 1, buffer, 0x7fffffff, 3, 2
  SUBMIT 0, 1
  RECOVER
  ATTACK "2 GiB less a sector"
  GOOD 0
  DESCRIPTOR 1, buffer, 0x7ffffe00, 3, 2
  SUBMIT 0, 1
  RECOVER
  ATTACK "4 GiB less a sector"
  GOOD 0
  DESCRIPTOR 1, buffer, 0xfffffe00, 3, 2
  SUBMIT 0, 1
  RECOVER
  PASS
#include "print.h"
#include "virtio-driver.h"
