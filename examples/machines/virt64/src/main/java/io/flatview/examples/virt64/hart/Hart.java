package io.flatview.examples.virt64.hart;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.Timebase;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A hart and its thread.
 *
 * <p><b>How it runs.</b> The thread enters a read-side section, executes some thousand instructions, leaves it,
 * announces a quiescent state, and starts over. It leaves early when a device was written to, so that the next
 * instruction sees the interrupts and the map that the device made. Interrupts are looked for at the start of a section
 * and after each instruction that may have enabled one.
 *
 * <p>{@link #execute} is the hot loop: frequent and small instructions are in its {@code switch}, the rest is one call
 * away, which keeps it below the size that HotSpot compiles.
 */
public final class Hart implements Runnable {

  private static final int SECTION_INSTRUCTIONS = 8192;
  private static final long PAGE = -CodePage.BYTES;

  /** No page starts here. */
  private static final long NOWHERE = 1;

  private static final long LONGEST_SLEEP_NANOS = 20_000_000;

  private final int id;
  private final MemorySystem memory;
  private final HartPort port;
  private final PrivilegedState state;
  private final Pmp pmp = new Pmp();
  private final GuestTrap trap = new GuestTrap();
  private final Counters counters = new Counters();
  private final Mmu mmu;
  private final SystemUnit system;

  /** Registers; element 32 takes what is written to register 0. */
  private final long[] x = new long[33];

  private long pc;

  /** How much of its budget the last block left over. */
  private int left;

  private volatile boolean stopped;
  private volatile long published;

  /**
   * A hart after its reset.
   *
   * @param id the number of the hart, from 0
   * @param memory the memory system of its machine
   * @param space the address space of its physical addresses
   * @param port its interrupt inputs
   * @param timebase the machine's clock
   * @param devices the board's atomics on devices
   */
  public Hart(
      int id, MemorySystem memory, AddressSpace space, HartPort port, Timebase timebase, DeviceAtomics devices) {
    this.id = id;
    this.memory = memory;
    this.port = port;
    state = new PrivilegedState(port, timebase);
    mmu = new Mmu(state, pmp, trap, space, devices);
    system = new SystemUnit(state, mmu, new Csrs(id, state, pmp, mmu, counters), trap);
  }

  /**
   * Puts the hart back to its reset. To be called while no thread runs it.
   *
   * @param start where it starts to execute
   */
  public void reset(long start) {
    Arrays.fill(x, 0);
    pc = start;
    state.reset();
    pmp.reset();
    counters.reset();
    system.reset();
    mmu.flush();
    stopped = false;
  }

  /** Has the thread leave {@link #run} soon. Any thread may call this. */
  public void stop() {
    stopped = true;
    port.wake();
  }

  /**
   * How many instructions were executed, as of the last section. Any thread may ask.
   *
   * @return the count since the reset
   */
  public long executed() {
    return published;
  }

  /**
   * Where the hart is, for people. To be asked once its thread has ended; before, the answer is a little old.
   *
   * @return its mode, the address of its next instruction, and its last exception
   */
  public String where() {
    return String.format(Locale.ROOT,
        "hart%d: %s mode at %s%s, %,d instructions; mcause %x mepc %s mtval %x, scause %x sepc %s stval %x",
        id, Mode.name(state.mode), AddressRange.hex(pc), system.waits() ? " waiting for an interrupt" : "",
        published, state.mcause, AddressRange.hex(state.mepc), state.mtval,
        state.scause, AddressRange.hex(state.sepc), state.stval);
  }

  /** Executes until it is stopped. */
  @Override
  public void run() {
    port.attach();
    try (MapReader reader = memory.newReader("hart" + id)) {
      mmu.attach(reader);
      while (!stopped) {
        section(reader);
        published = counters.executed();
        reader.quiescent();
        if (system.waits()) {
          sleep(reader);
        }
      }
    }
  }

  private void sleep(MapReader reader) {
    reader.offline();
    while (!stopped && (state.pending() & state.mie) == 0) {
      LockSupport.parkNanos(this, state.timebase.nanosUntil(state.nextTimer(), LONGEST_SLEEP_NANOS));
    }
    reader.online();
    system.wake();
  }

  private void section(MapReader reader) {
    try (ReadSection _ = reader.enter()) {
      mmu.sectionEntered();
      int remaining = SECTION_INSTRUCTIONS;
      while (remaining > 0 && !mmu.touchedDevice() && !system.waits()) {
        takeInterrupt();
        mmu.contextChanged();
        remaining -= block(remaining);
      }
    }
  }

  private void takeInterrupt() {
    int interrupt = state.interruptToTake();
    if (interrupt >= 0) {
      pc = state.takeInterrupt(interrupt, pc);
    }
  }

  /** @return how many instructions were executed, or tried */
  private int block(int budget) {
    long before = counters.executed();
    try {
      execute(budget);
    } catch (GuestTrap caught) {
      pc = state.takeException(caught.cause(), caught.value(), pc);
      counters.setExecuted(before + budget - left);
      return budget - left + 1;
    }
    counters.setExecuted(before + budget - left);
    return budget - left;
  }

  /** Executes up to {@code budget} instructions; fewer after one that may have changed what the loop relies on. */
  private void execute(int budget) {
    final long[] x = this.x;
    final Mmu mmu = this.mmu;
    long pc = this.pc;
    long page = NOWHERE;
    int left = budget;
    long[] code = CodePage.NONE.code;
    try {
      while (left > 0) {
        if ((pc & PAGE) != page) {
          code = mmu.codePage(pc).code;
          page = pc & PAGE;
        }
        long i = code[(int) pc >>> 1 & CodePage.BYTES / 2 - 1];
        if (i == 0) {
          i = decode(pc);
        }
        long a = x[Op.rs1(i)];
        long next = pc + Op.length(i);
        switch (Op.operation(i)) {
          case Op.LUI -> x[Op.rd(i)] = Op.immediate(i);
          case Op.AUIPC -> x[Op.rd(i)] = pc + Op.immediate(i);
          case Op.JAL -> {
            x[Op.rd(i)] = next;
            next = pc + Op.immediate(i);
          }
          case Op.JALR -> {
            x[Op.rd(i)] = next;
            next = a + Op.immediate(i) & -2;
          }
          case Op.BEQ -> next = a == x[Op.rs2(i)] ? pc + Op.immediate(i) : next;
          case Op.BNE -> next = a != x[Op.rs2(i)] ? pc + Op.immediate(i) : next;
          case Op.BLT -> next = a < x[Op.rs2(i)] ? pc + Op.immediate(i) : next;
          case Op.BGE -> next = a >= x[Op.rs2(i)] ? pc + Op.immediate(i) : next;
          case Op.BLTU -> next = Long.compareUnsigned(a, x[Op.rs2(i)]) < 0 ? pc + Op.immediate(i) : next;
          case Op.BGEU -> next = Long.compareUnsigned(a, x[Op.rs2(i)]) >= 0 ? pc + Op.immediate(i) : next;
          case Op.LB -> x[Op.rd(i)] = mmu.load1(a + Op.immediate(i));
          case Op.LH -> x[Op.rd(i)] = mmu.load2(a + Op.immediate(i));
          case Op.LW -> x[Op.rd(i)] = mmu.load4(a + Op.immediate(i));
          case Op.LD -> x[Op.rd(i)] = mmu.load8(a + Op.immediate(i));
          case Op.LBU -> x[Op.rd(i)] = mmu.load1(a + Op.immediate(i)) & 0xffL;
          case Op.LHU -> x[Op.rd(i)] = mmu.load2(a + Op.immediate(i)) & 0xffffL;
          case Op.LWU -> x[Op.rd(i)] = mmu.load4(a + Op.immediate(i)) & 0xffff_ffffL;
          case Op.SB -> mmu.store1(a + Op.immediate(i), (byte) x[Op.rs2(i)]);
          case Op.SH -> mmu.store2(a + Op.immediate(i), (short) x[Op.rs2(i)]);
          case Op.SW -> mmu.store4(a + Op.immediate(i), (int) x[Op.rs2(i)]);
          case Op.SD -> mmu.store8(a + Op.immediate(i), x[Op.rs2(i)]);
          case Op.ADDI -> x[Op.rd(i)] = a + Op.immediate(i);
          case Op.SLTI -> x[Op.rd(i)] = a < Op.immediate(i) ? 1 : 0;
          case Op.SLTIU -> x[Op.rd(i)] = Long.compareUnsigned(a, Op.immediate(i)) < 0 ? 1 : 0;
          case Op.XORI -> x[Op.rd(i)] = a ^ Op.immediate(i);
          case Op.ORI -> x[Op.rd(i)] = a | Op.immediate(i);
          case Op.ANDI -> x[Op.rd(i)] = a & Op.immediate(i);
          case Op.SLLI -> x[Op.rd(i)] = a << Op.immediate(i);
          case Op.SRLI -> x[Op.rd(i)] = a >>> Op.immediate(i);
          case Op.SRAI -> x[Op.rd(i)] = a >> Op.immediate(i);
          case Op.ADDIW -> x[Op.rd(i)] = (int) a + Op.immediate(i);
          case Op.SLLIW -> x[Op.rd(i)] = (int) a << Op.immediate(i);
          case Op.SRLIW -> x[Op.rd(i)] = (int) a >>> Op.immediate(i);
          case Op.SRAIW -> x[Op.rd(i)] = (int) a >> Op.immediate(i);
          case Op.ADD -> x[Op.rd(i)] = a + x[Op.rs2(i)];
          case Op.SUB -> x[Op.rd(i)] = a - x[Op.rs2(i)];
          case Op.SLL -> x[Op.rd(i)] = a << x[Op.rs2(i)];
          case Op.SLT -> x[Op.rd(i)] = a < x[Op.rs2(i)] ? 1 : 0;
          case Op.SLTU -> x[Op.rd(i)] = Long.compareUnsigned(a, x[Op.rs2(i)]) < 0 ? 1 : 0;
          case Op.XOR -> x[Op.rd(i)] = a ^ x[Op.rs2(i)];
          case Op.SRL -> x[Op.rd(i)] = a >>> x[Op.rs2(i)];
          case Op.SRA -> x[Op.rd(i)] = a >> x[Op.rs2(i)];
          case Op.OR -> x[Op.rd(i)] = a | x[Op.rs2(i)];
          case Op.AND -> x[Op.rd(i)] = a & x[Op.rs2(i)];
          case Op.ADDW -> x[Op.rd(i)] = (int) a + (int) x[Op.rs2(i)];
          case Op.SUBW -> x[Op.rd(i)] = (int) a - (int) x[Op.rs2(i)];
          case Op.SLLW -> x[Op.rd(i)] = (int) a << (int) x[Op.rs2(i)];
          case Op.SRLW -> x[Op.rd(i)] = (int) a >>> (int) x[Op.rs2(i)];
          case Op.SRAW -> x[Op.rd(i)] = (int) a >> (int) x[Op.rs2(i)];
          case Op.MUL -> x[Op.rd(i)] = a * x[Op.rs2(i)];
          case Op.MULW -> x[Op.rd(i)] = (int) a * (int) x[Op.rs2(i)];
          case Op.MULDIV -> x[Op.rd(i)] = MulDiv.apply(Op.immediate(i), a, x[Op.rs2(i)]);
          case Op.AMO_W -> x[Op.rd(i)] = mmu.atomic(Op.immediate(i), a, 4, x[Op.rs2(i)]);
          case Op.AMO_D -> x[Op.rd(i)] = mmu.atomic(Op.immediate(i), a, 8, x[Op.rs2(i)]);
          case Op.FENCE -> system.fence(Op.immediate(i));
          default -> {
            counters.setExecuted(counters.executed() + budget - left);
            next = system.execute(i, pc, next, x);
            left--;
            pc = next;
            return;
          }
        }
        pc = next;
        left--;
        if (mmu.touchedDevice()) {
          return;
        }
      }
    } finally {
      this.pc = pc;
      this.left = left;
    }
  }

  private long decode(long pc) {
    CodePage page = mmu.codePage(pc);
    int offset = (int) pc & CodePage.BYTES - 1;
    return page.holds(offset) ? page.decode(offset) : mmu.fetch(pc);
  }
}
