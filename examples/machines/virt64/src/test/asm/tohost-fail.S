# A test as riscv-tests has them: prints through tohost, and reports that its fifth case failed.
#define RESULT (5 << 1 | 1)
#include "tohost.h"
