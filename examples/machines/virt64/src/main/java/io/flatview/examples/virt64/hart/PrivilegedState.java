package io.flatview.examples.virt64.hart;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.Timebase;

/** The registers that decide what a hart may do, and what happens on a trap. Confined to the hart's thread. */
final class PrivilegedState {

  static final long SIE = 1L << 1;
  static final long MIE = 1L << 3;
  static final long SPIE = 1L << 5;
  static final long MPIE = 1L << 7;
  static final long SPP = 1L << 8;
  static final long MPP = 3L << 11;
  static final long MPRV = 1L << 17;
  static final long SUM = 1L << 18;
  static final long MXR = 1L << 19;
  static final long TVM = 1L << 20;
  static final long TW = 1L << 21;
  static final long TSR = 1L << 22;

  /** User and supervisor registers are 64 bits wide. */
  private static final long UXL_SXL = 2L << 32 | 2L << 34;

  private static final long MSTATUS_WRITABLE =
      SIE | MIE | SPIE | MPIE | SPP | MPP | MPRV | SUM | MXR | TVM | TW | TSR;
  private static final long SSTATUS_WRITABLE = SIE | SPIE | SPP | SUM | MXR;
  private static final long SSTATUS_VISIBLE = SSTATUS_WRITABLE | 3L << 32;

  /** Supervisor interrupts: software, timer, external. */
  static final long SUPERVISOR_INTERRUPTS = 0x222;

  static final long ALL_INTERRUPTS = 0xaaa;

  private static final long STIP = 1L << Cause.SUPERVISOR_TIMER;
  private static final long MTIP = 1L << Cause.MACHINE_TIMER;
  private static final long STCE = 1L << 63;

  /** In the order in which they are taken. */
  private static final int[] PRIORITY = {
    Cause.MACHINE_EXTERNAL, Cause.MACHINE_SOFTWARE, Cause.MACHINE_TIMER,
    Cause.SUPERVISOR_EXTERNAL, Cause.SUPERVISOR_SOFTWARE, Cause.SUPERVISOR_TIMER
  };

  final HartPort port;
  final Timebase timebase;

  int mode;
  long medeleg;
  long mideleg;
  long mie;
  long mtvec;
  long mscratch;
  long mepc;
  long mcause;
  long mtval;
  long mcounteren;
  long menvcfg;
  long stvec;
  long sscratch;
  long sepc;
  long scause;
  long stval;
  long scounteren;
  long senvcfg;
  long satp;
  long stimecmp;

  /** The bits of {@code mip} that software sets. */
  private long softwarePending;

  private long mstatus;

  PrivilegedState(HartPort port, Timebase timebase) {
    this.port = port;
    this.timebase = timebase;
    reset();
  }

  void reset() {
    mode = Mode.MACHINE;
    mstatus = UXL_SXL;
    medeleg = mideleg = mie = mtvec = mscratch = mepc = mcause = mtval = 0;
    stvec = sscratch = sepc = scause = stval = satp = 0;
    mcounteren = scounteren = menvcfg = senvcfg = 0;
    stimecmp = -1;
    softwarePending = 0;
  }

  long mstatus() {
    return mstatus;
  }

  /** The mode 2 does not exist: writing it to MPP leaves MPP as it is. */
  void setMstatus(long value) {
    long writable = (value & MPP) == 2L << 11 ? MSTATUS_WRITABLE & ~MPP : MSTATUS_WRITABLE;
    mstatus = mstatus & ~writable | value & writable;
  }

  long sstatus() {
    return mstatus & SSTATUS_VISIBLE;
  }

  void setSstatus(long value) {
    mstatus = mstatus & ~SSTATUS_WRITABLE | value & SSTATUS_WRITABLE;
  }

  boolean has(long bit) {
    return (mstatus & bit) != 0;
  }

  /** The mode in which loads and stores are done. */
  int dataMode() {
    return has(MPRV) ? (int) ((mstatus & MPP) >>> 11) : mode;
  }

  // Interrupts

  long softwarePending() {
    return softwarePending;
  }

  void setSoftwarePending(long bits) {
    softwarePending = bits & writablePending();
  }

  private long writablePending() {
    return supervisorCompares() ? SUPERVISOR_INTERRUPTS & ~STIP : SUPERVISOR_INTERRUPTS;
  }

  boolean supervisorCompares() {
    return (menvcfg & STCE) != 0;
  }

  long pending() {
    long bits = port.lines() | softwarePending;
    long now = timebase.now();
    if (Long.compareUnsigned(port.timeCompare(), now) <= 0) {
      bits |= MTIP;
    }
    if (supervisorCompares()) {
      bits = Long.compareUnsigned(stimecmp, now) <= 0 ? bits | STIP : bits & ~STIP;
    }
    return bits;
  }

  /** When the next timer fires of those that may end a sleep, unsigned. */
  long nextTimer() {
    long machine = (mie & MTIP) != 0 ? port.timeCompare() : -1;
    long supervisor = supervisorCompares() && (mie & STIP) != 0 ? stimecmp : -1;
    return Long.compareUnsigned(supervisor, machine) < 0 ? supervisor : machine;
  }

  /** @return the interrupt to take now, or -1 */
  int interruptToTake() {
    long ready = pending() & mie;
    if (ready == 0) {
      return -1;
    }
    long forMachine = mode < Mode.MACHINE || has(MIE) ? ready & ~mideleg : 0;
    long forSupervisor = mode < Mode.SUPERVISOR || (mode == Mode.SUPERVISOR && has(SIE)) ? ready & mideleg : 0;
    return first(forMachine != 0 ? forMachine : forSupervisor);
  }

  private static int first(long bits) {
    for (int number : PRIORITY) {
      if ((bits >>> number & 1) != 0) {
        return number;
      }
    }
    return -1;
  }

  // Traps

  /** @return where the handler starts */
  long takeInterrupt(int number, long pc) {
    boolean delegated = (mideleg >>> number & 1) != 0 && mode < Mode.MACHINE;
    long handler = delegated
        ? enterSupervisor(Cause.INTERRUPT | number, 0, pc)
        : enterMachine(Cause.INTERRUPT | number, 0, pc);
    boolean vectored = ((delegated ? stvec : mtvec) & 3) == 1;
    return vectored ? handler + 4L * number : handler;
  }

  /** @return where the handler starts */
  long takeException(int cause, long value, long pc) {
    boolean delegated = (medeleg >>> cause & 1) != 0 && mode < Mode.MACHINE;
    return delegated ? enterSupervisor(cause, value, pc) : enterMachine(cause, value, pc);
  }

  private long enterMachine(long cause, long value, long pc) {
    mcause = cause;
    mtval = value;
    mepc = pc;
    long previous = has(MIE) ? MPIE : 0;
    mstatus = mstatus & ~(MPP | MPIE | MIE) | (long) mode << 11 | previous;
    mode = Mode.MACHINE;
    return mtvec & ~3L;
  }

  private long enterSupervisor(long cause, long value, long pc) {
    scause = cause;
    stval = value;
    sepc = pc;
    long previous = has(SIE) ? SPIE : 0;
    mstatus = mstatus & ~(SPP | SPIE | SIE) | (long) mode << 8 | previous;
    mode = Mode.SUPERVISOR;
    return stvec & ~3L;
  }

  /** @return where to go on */
  long returnFromMachine() {
    mode = (int) ((mstatus & MPP) >>> 11);
    long enabled = has(MPIE) ? MIE : 0;
    long dropped = mode == Mode.MACHINE ? MPP | MIE : MPP | MIE | MPRV;
    mstatus = mstatus & ~dropped | MPIE | enabled;
    return mepc;
  }

  /** @return where to go on */
  long returnFromSupervisor() {
    mode = has(SPP) ? Mode.SUPERVISOR : Mode.USER;
    long enabled = has(SPIE) ? SIE : 0;
    mstatus = mstatus & ~(SPP | SIE | MPRV) | SPIE | enabled;
    return sepc;
  }
}
