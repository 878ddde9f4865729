# compute.S without end, to be measured.
#define ROUNDS -1
#include "compute.S"
