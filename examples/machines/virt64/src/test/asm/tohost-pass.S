# A test as riscv-tests has them: prints through tohost, and reports that all is well.
#define RESULT 1
#include "tohost.h"
