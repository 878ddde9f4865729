/*
 * The refcount grace period: counters of two phases, a flip between two passes.
 *
 * Two readers, one writer that unlinks object 0 for object 1 and so on, and frees after each grace period. A reader
 * reads the phase, counts itself in by an atomic addition and loads the pointer; the addition and fence C leave nothing
 * in a store buffer, so memory is sequentially consistent here, and what is checked is the algorithm: stragglers
 * between the phase and the counter. Each reader has a stripe of its own, and each counter is looked at by itself.
 *
 * Safety: no reader uses a freed object, no counter drops below 0; and the model has no invalid end state: every grace
 * period ends once the readers have left.
 *
 *   -DONE_PASS           broken: the flip without the second pass: the counters of the idle phase are not looked at
 *   -DSCAN_FIRST         broken: the grace period is over before the unlinking that it is to cover
 *   -DLOAD_FIRST         broken: the reader loads the pointer before it counts itself in, or so it looks from outside
 *                        when fence C is missing and the count is a plain store
 */

#define READERS 2
#define SECTIONS 2
#define UPDATES 3
#define OBJECTS 4

byte phase = 0;
byte pointer = 0;
byte counter[4];             /* phase * READERS + stripe */
bool freed[OBJECTS];

#define COUNTER(p, id) counter[(p) * READERS + (id)]

proctype reader(byte id) {
  byte entered;
  byte held;
  byte sections = 0;
  do
  :: sections == SECTIONS -> break
  :: sections < SECTIONS ->
#ifdef LOAD_FIRST
    held = pointer;
#endif
    entered = phase;
    COUNTER(entered, id)++;              /* atomic addition, fence C */
#ifndef LOAD_FIRST
    held = pointer;
#endif
    assert(!freed[held]);                /* use */
    assert(!freed[held]);                /* and again, after whatever others do in between */
    assert(COUNTER(entered, id) > 0);
    COUNTER(entered, id)--;
    held = 0;
    entered = 0;
    sections++
  od
}

inline waitFor(p, i) {
  i = 0;
  do
  :: i == READERS -> break
  :: i < READERS -> atomic { COUNTER(p, i) == 0 -> i++ }
  od;
  i = 0
}

inline gracePeriod(current, i) {
  current = phase;
#ifndef ONE_PASS
  waitFor(1 - current, i);
#endif
  phase = 1 - current;
  waitFor(current, i);
  current = 0
}

active proctype writer() {
  byte update = 0;
  byte current;
  byte i;
  byte unlinked;
  atomic {
    run reader(0);
    run reader(1)
  }
  do
  :: update == UPDATES -> break
  :: update < UPDATES ->
#ifdef SCAN_FIRST
    gracePeriod(current, i);
#endif
    unlinked = pointer;
    pointer = update + 1;                /* unlink, fence B */
#ifndef SCAN_FIRST
    gracePeriod(current, i);
#endif
    freed[unlinked] = true;
    update++
  od
}
