# memory-bound.S over 512 KiB and without end, to be measured.
#define ROUNDS -1
#define LAST 0x7fff8
#include "memory-bound.S"
