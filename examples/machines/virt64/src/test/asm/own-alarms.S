# An alarm in 292 years, set again and again, for ever.
#include "board.h"
#define RTC 0x101000
START
  ONLY_HART_0
  PRINT "asked\n"
  li t0, RTC
  li t1, 0x7fffffff
  sw t1, 12(t0)
1:
  sw t1, 8(t0)
  j 1b
#include "print.h"
