# memory-bound.S without end, to be measured.
#define ROUNDS -1
#define LAST 0x3ffff8
#include "memory-bound.S"
