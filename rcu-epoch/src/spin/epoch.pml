/*
 * The epoch grace period with an asymmetric fence, on processors that store in order (TSO).
 *
 * Two readers, one writer that unlinks object 0 for object 1 and object 1 for object 2, and frees after each grace
 * period. A reader's slot store goes into its store buffer, and reaches memory when the processor pleases (process
 * drain), or when the heavy fence of the writer drains all buffers, as membarrier(2) does. The writer's own stores are
 * followed by full fences wherever it matters, so they go to memory at once. A reader reads its own slot nowhere, so
 * forwarding from the buffer need not be modelled.
 *
 * Each reader runs SECTIONS sections, and may load in each of them twice. Safety: no reader uses a freed object; and
 * the model has no invalid end state: every grace period ends once the readers have left.
 *
 *   -DFENCED_READERS     the portable fallback: the reader drains its own buffer at entry, the writer none
 *   -DNO_HEAVY_FENCE     broken: nobody drains
 *   -DSCAN_FIRST         broken: the grace period begins, and scans, before the unlinking that it is to cover
 *   -DNO_WAIT            broken: the writer looks at nobody
 */

#define READERS 2
#define SECTIONS 2
#define UPDATES 2
#define OBJECTS 3
#define DEPTH 2              /* of a store buffer; a full one stalls its reader */

byte epoch = 1;
byte pointer = 0;
byte slot[READERS];          /* as memory has it */
bool freed[OBJECTS];
chan buffer[READERS] = [DEPTH] of { byte };
byte running = READERS;

inline drainOwn(id) {
  atomic {
    do
    :: nempty(buffer[id]) -> buffer[id] ? slot[id]
    :: empty(buffer[id]) -> break
    od
  }
}

/* Interrupts one processor after the other, as the kernel does: not all of them at one moment. */
inline drainEach(i) {
  i = 0;
  do
  :: i == READERS -> break
  :: i < READERS ->
    drainOwn(i);
    i++
  od;
  i = 0
}

/* The processor writes back the oldest store of a buffer, at any time. */
active proctype drain() {
  byte value;
end:
  do
  :: atomic { nempty(buffer[0]) -> buffer[0] ? value; slot[0] = value; value = 0 }
  :: atomic { nempty(buffer[1]) -> buffer[1] ? value; slot[1] = value; value = 0 }
  od
}

proctype reader(byte id) {
  byte shown;
  byte held;
  byte sections = 0;
  do
  :: sections == SECTIONS -> break
  :: sections < SECTIONS ->
    shown = epoch;
    buffer[id] ! shown;                  /* slot = epoch, opaque */
#ifdef FENCED_READERS
    drainOwn(id);                        /* fence E */
#endif
    held = pointer;
    assert(!freed[held]);                /* use */
    assert(!freed[held]);                /* and again, after whatever others do in between */
    buffer[id] ! 0;                      /* slot = 0, release: TSO keeps it behind the loads */
    held = 0;
    shown = 0;
    sections++
  od;
  running--
}

inline wait(e, i) {
  i = 0;
  do
  :: i == READERS -> break
  :: i < READERS ->
    atomic { (slot[i] == 0 || slot[i] >= e) -> i++ }
  od;
  i = 0
}

inline gracePeriod(e, i) {
#ifndef NO_HEAVY_FENCE
#ifndef FENCED_READERS
  drainEach(i);                          /* fence B, heavy */
#endif
#endif
  epoch++;
  e = epoch;
#ifndef NO_WAIT
  wait(e, i)
#endif
}

active proctype writer() {
  byte update = 0;
  byte e;
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
    gracePeriod(e, i);
#endif
    unlinked = pointer;
    pointer = update + 1;                /* unlink */
#ifndef SCAN_FIRST
    gracePeriod(e, i);
#endif
    freed[unlinked] = true;
    update++
  od
}
