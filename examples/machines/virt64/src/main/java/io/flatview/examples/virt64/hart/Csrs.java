package io.flatview.examples.virt64.hart;

/**
 * Control and status registers by number. Registers that do not exist, or that the present mode may not touch, make the
 * instruction illegal: then {@link #refused} says so. Confined to the hart's thread.
 */
final class Csrs {

  /** I, M, A and C, with supervisor and user mode, of 64 bits. */
  private static final long MISA =
      2L << 62 | 1 << 'A' - 'A' | 1 << 'C' - 'A' | 1 << 'I' - 'A' | 1 << 'M' - 'A' | 1 << 'S' - 'A' | 1 << 'U' - 'A';

  /** All exceptions but an environment call from machine mode. */
  private static final long DELEGABLE_EXCEPTIONS = 0xb3ff;

  private static final long SV39 = 8;
  private static final long ROOT_PAGE = (1L << 44) - 1;
  private static final long COUNTERS = 0xffff_ffffL;
  private static final long MENVCFG_WRITABLE = 1L << 63 | 1;

  private final int hartId;
  private final PrivilegedState state;
  private final Pmp pmp;
  private final Mmu mmu;
  private final Counters counters;
  private boolean refused;

  Csrs(int hartId, PrivilegedState state, Pmp pmp, Mmu mmu, Counters counters) {
    this.hartId = hartId;
    this.state = state;
    this.pmp = pmp;
    this.mmu = mmu;
    this.counters = counters;
  }

  /** Whether the last read or write was refused. */
  boolean refused() {
    return refused;
  }

  private long refuse() {
    refused = true;
    return 0;
  }

  private boolean forbidden(int csr) {
    return state.mode < (csr >>> 8 & 3);
  }

  /** Whether a register can only be read. */
  static boolean isReadOnly(int csr) {
    return csr >>> 10 == 3;
  }

  long read(int csr) {
    refused = false;
    if (forbidden(csr)) {
      return refuse();
    }
    return switch (csr >>> 8) {
      case 0x1 -> readSupervisor(csr);
      case 0x3 -> readMachine(csr);
      case 0x7 -> readTrigger(csr);
      case 0xb -> readMachineCounter(csr);
      case 0xc -> readUserCounter(csr);
      case 0xf -> readInformation(csr);
      default -> refuse();
    };
  }

  private long readSupervisor(int csr) {
    return switch (csr) {
      case 0x100 -> state.sstatus();
      case 0x104 -> state.mie & state.mideleg;
      case 0x105 -> state.stvec;
      case 0x106 -> state.scounteren;
      case 0x10a -> state.senvcfg;
      case 0x140 -> state.sscratch;
      case 0x141 -> state.sepc;
      case 0x142 -> state.scause;
      case 0x143 -> state.stval;
      case 0x144 -> state.pending() & state.mideleg;
      case 0x14d -> maySetSupervisorTimer() ? state.stimecmp : refuse();
      case 0x180 -> trapsVirtualMemory() ? refuse() : state.satp;
      default -> refuse();
    };
  }

  private boolean trapsVirtualMemory() {
    return state.mode == Mode.SUPERVISOR && state.has(PrivilegedState.TVM);
  }

  private boolean maySetSupervisorTimer() {
    boolean mayReadTime = (state.mcounteren & 2) != 0;
    return state.mode == Mode.MACHINE || (mayReadTime && state.supervisorCompares());
  }

  private long readMachine(int csr) {
    return switch (csr) {
      case 0x300 -> state.mstatus();
      case 0x301 -> MISA;
      case 0x302 -> state.medeleg;
      case 0x303 -> state.mideleg;
      case 0x304 -> state.mie;
      case 0x305 -> state.mtvec;
      case 0x306 -> state.mcounteren;
      case 0x30a -> state.menvcfg;
      case 0x320 -> counters.inhibited();
      case 0x340 -> state.mscratch;
      case 0x341 -> state.mepc;
      case 0x342 -> state.mcause;
      case 0x343 -> state.mtval;
      case 0x344 -> state.pending();
      default -> readMachineTable(csr);
    };
  }

  private long readMachineTable(int csr) {
    if (csr == 0x3a0 || csr == 0x3a2) {
      return pmp.configuration(csr - 0x3a0);
    }
    if (csr >= 0x3b0 && csr < 0x3b0 + Pmp.ENTRIES) {
      return pmp.address(csr - 0x3b0);
    }
    return isEvent(csr) ? 0 : refuse();
  }

  private static boolean isEvent(int csr) {
    return csr >= 0x323 && csr <= 0x33f;
  }

  /** No triggers: selecting finds none of any type. */
  private long readTrigger(int csr) {
    return isTrigger(csr) ? 0 : refuse();
  }

  private static boolean isTrigger(int csr) {
    return csr >= 0x7a0 && csr <= 0x7a3;
  }

  private long readMachineCounter(int csr) {
    return switch (csr) {
      case 0xb00 -> counters.cycles();
      case 0xb02 -> counters.instructions();
      default -> isEventCounter(csr) ? 0 : refuse();
    };
  }

  private static boolean isEventCounter(int csr) {
    return (csr & 0xff) >= 3 && (csr & 0xff) <= 0x1f;
  }

  private long readUserCounter(int csr) {
    int index = csr & 0xff;
    if (index > 0x1f || !mayCount(index)) {
      return refuse();
    }
    return switch (index) {
      case 0 -> counters.cycles();
      case 1 -> state.timebase.now();
      case 2 -> counters.instructions();
      default -> 0;
    };
  }

  private boolean mayCount(int index) {
    boolean machineAllows = (state.mcounteren >>> index & 1) != 0;
    boolean supervisorAllows = (state.scounteren >>> index & 1) != 0;
    return switch (state.mode) {
      case Mode.MACHINE -> true;
      case Mode.SUPERVISOR -> machineAllows;
      default -> machineAllows && supervisorAllows;
    };
  }

  private long readInformation(int csr) {
    return switch (csr) {
      case 0xf11, 0xf12, 0xf13, 0xf15 -> 0;
      case 0xf14 -> hartId;
      default -> refuse();
    };
  }

  void write(int csr, long value) {
    refused = false;
    if (forbidden(csr) || isReadOnly(csr)) {
      refuse();
      return;
    }
    switch (csr >>> 8) {
      case 0x1 -> writeSupervisor(csr, value);
      case 0x3 -> writeMachine(csr, value);
      case 0x7 -> readTrigger(csr);
      case 0xb -> writeMachineCounter(csr, value);
      default -> refuse();
    }
  }

  private void writeSupervisor(int csr, long value) {
    switch (csr) {
      case 0x100 -> state.setSstatus(value);
      case 0x104 -> state.mie = state.mie & ~state.mideleg | value & state.mideleg;
      case 0x105 -> state.stvec = vector(state.stvec, value);
      case 0x106 -> state.scounteren = value & COUNTERS;
      case 0x10a -> state.senvcfg = value & 1;
      case 0x140 -> state.sscratch = value;
      case 0x141 -> state.sepc = value & ~1;
      case 0x142 -> state.scause = value;
      case 0x143 -> state.stval = value;
      case 0x144 -> setSupervisorPending(value);
      case 0x14d -> setSupervisorTimer(value);
      case 0x180 -> setTranslation(value);
      default -> refuse();
    }
  }

  private void setSupervisorPending(long value) {
    long writable = state.mideleg & 1L << Cause.SUPERVISOR_SOFTWARE;
    state.setSoftwarePending(state.softwarePending() & ~writable | value & writable);
  }

  private void setSupervisorTimer(long value) {
    if (maySetSupervisorTimer()) {
      state.stimecmp = value;
    } else {
      refuse();
    }
  }

  /** A write with a mode that does not exist has no effect at all. There are no address-space identifiers. */
  private void setTranslation(long value) {
    long mode = value >>> 60;
    if (trapsVirtualMemory()) {
      refuse();
    } else if (mode == 0 || mode == SV39) {
      state.satp = mode << 60 | value & ROOT_PAGE;
      mmu.flush();
    }
  }

  private static long vector(long before, long value) {
    return (value & 2) == 0 ? value : before;
  }

  private void writeMachine(int csr, long value) {
    switch (csr) {
      case 0x300 -> state.setMstatus(value);
      case 0x301 -> { }
      case 0x302 -> state.medeleg = value & DELEGABLE_EXCEPTIONS;
      case 0x303 -> state.mideleg = value & PrivilegedState.SUPERVISOR_INTERRUPTS;
      case 0x304 -> state.mie = value & PrivilegedState.ALL_INTERRUPTS;
      case 0x305 -> state.mtvec = vector(state.mtvec, value);
      case 0x306 -> state.mcounteren = value & COUNTERS;
      case 0x30a -> state.menvcfg = value & MENVCFG_WRITABLE;
      case 0x320 -> counters.inhibit(value);
      case 0x340 -> state.mscratch = value;
      case 0x341 -> state.mepc = value & ~1;
      case 0x342 -> state.mcause = value;
      case 0x343 -> state.mtval = value;
      case 0x344 -> state.setSoftwarePending(value);
      default -> writeMachineTable(csr, value);
    }
  }

  private void writeMachineTable(int csr, long value) {
    if (csr == 0x3a0 || csr == 0x3a2) {
      pmp.setConfiguration(csr - 0x3a0, value);
      mmu.flush();
    } else if (csr >= 0x3b0 && csr < 0x3b0 + Pmp.ENTRIES) {
      pmp.setAddress(csr - 0x3b0, value);
      mmu.flush();
    } else if (!isEvent(csr)) {
      refuse();
    }
  }

  private void writeMachineCounter(int csr, long value) {
    switch (csr) {
      case 0xb00 -> counters.setCycles(value);
      case 0xb02 -> counters.setInstructions(value);
      default -> {
        if (!isEventCounter(csr)) {
          refuse();
        }
      }
    }
  }

  /**
   * The value that a read-modify-write starts from: of {@code mip}, only the bits that software set, since a line that
   * is high must not become pending by software.
   */
  long readForUpdate(int csr) {
    long value = read(csr);
    return csr == 0x344 && !refused ? state.softwarePending() : value;
  }
}
