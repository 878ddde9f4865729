package io.flatview.examples.virt64.hart;

import java.lang.invoke.VarHandle;

/** The instructions that change what the hart may do, or wait. Confined to the hart's thread. */
final class SystemUnit {

  private static final int PAUSE = 0x010;

  private final PrivilegedState state;
  private final Mmu mmu;
  private final Csrs csrs;
  private final GuestTrap trap;
  private boolean waiting;

  SystemUnit(PrivilegedState state, Mmu mmu, Csrs csrs, GuestTrap trap) {
    this.state = state;
    this.mmu = mmu;
    this.csrs = csrs;
    this.trap = trap;
  }

  void reset() {
    waiting = false;
  }

  boolean waits() {
    return waiting;
  }

  void wake() {
    waiting = false;
  }

  /**
   * The guest's fences. The full fence pairs with the one of another hart: neither passes loads nor stores of guest
   * memory that stand before it.
   */
  void fence(int kind) {
    if (kind == PAUSE) {
      Thread.onSpinWait();
    } else {
      VarHandle.fullFence();
    }
  }

  /** @return where to go on */
  long execute(long i, long pc, long next, long[] x) {
    return switch (Op.operation(i)) {
      case Op.FENCE_I -> fenceInstructions(next);
      case Op.CSRRW, Op.CSRRS, Op.CSRRC -> accessCsr(i, Op.operation(i), x[Op.rs1(i)], pc, next, x);
      case Op.CSRRWI, Op.CSRRSI, Op.CSRRCI ->
          accessCsr(i, Op.operation(i) - Op.CSRRWI + Op.CSRRW, Op.rs1(i), pc, next, x);
      case Op.ECALL -> throw trap.of(Cause.ECALL_FROM_USER + state.mode, 0);
      case Op.EBREAK -> throw trap.of(Cause.BREAKPOINT, pc);
      case Op.MRET -> returnFromMachine(i, pc);
      case Op.SRET -> returnFromSupervisor(i, pc);
      case Op.WFI -> waitForInterrupt(i, pc, next);
      case Op.SFENCE_VMA -> fenceTranslations(i, pc, next);
      default -> throw trap.of(Cause.ILLEGAL_INSTRUCTION, Op.immediate(i) & 0xffff_ffffL);
    };
  }

  private GuestTrap illegal(long i, long pc) {
    return trap.of(Cause.ILLEGAL_INSTRUCTION, mmu.rawInstruction(pc, Op.length(i)) & 0xffff_ffffL);
  }

  private long fenceInstructions(long next) {
    VarHandle.fullFence();
    mmu.codeBarrier();
    return next;
  }

  private void permit(boolean permitted, long i, long pc) {
    if (!permitted) {
      throw illegal(i, pc);
    }
  }

  /** A register with side effects on reads does not exist here, so writes may always read before. */
  private long accessCsr(long i, int operation, long operand, long pc, long next, long[] x) {
    int csr = Op.immediate(i);
    boolean writes = operation == Op.CSRRW || Op.rs1(i) != 0;
    permit(!writes || !Csrs.isReadOnly(csr), i, pc);
    long old = csrs.read(csr);
    permit(!csrs.refused(), i, pc);
    if (writes) {
      csrs.write(csr, combine(operation, csrs.readForUpdate(csr), operand));
      permit(!csrs.refused(), i, pc);
    }
    x[Op.rd(i)] = old;
    return next;
  }

  private static long combine(int operation, long old, long operand) {
    return switch (operation) {
      case Op.CSRRS -> old | operand;
      case Op.CSRRC -> old & ~operand;
      default -> operand;
    };
  }

  private long returnFromMachine(long i, long pc) {
    permit(state.mode == Mode.MACHINE, i, pc);
    mmu.dropReservation();
    return state.returnFromMachine();
  }

  private long returnFromSupervisor(long i, long pc) {
    boolean trapped = state.mode == Mode.SUPERVISOR && state.has(PrivilegedState.TSR);
    permit(state.mode >= Mode.SUPERVISOR && !trapped, i, pc);
    mmu.dropReservation();
    return state.returnFromSupervisor();
  }

  /** A user program may not wait at all, and with {@code TW} a supervisor neither. */
  private long waitForInterrupt(long i, long pc, long next) {
    boolean trapped = state.mode == Mode.USER || (state.mode == Mode.SUPERVISOR && state.has(PrivilegedState.TW));
    permit(!trapped, i, pc);
    waiting = true;
    return next;
  }

  private long fenceTranslations(long i, long pc, long next) {
    boolean trapped = state.mode == Mode.SUPERVISOR && state.has(PrivilegedState.TVM);
    permit(state.mode >= Mode.SUPERVISOR && !trapped, i, pc);
    mmu.flush();
    return next;
  }
}
