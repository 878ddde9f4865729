package io.flatview.examples.virt64.device;

import io.flatview.examples.virt64.irq.InterruptLine;
import io.flatview.memory.DeviceGuard.Locking;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * An NS16550A. A byte from the guest is out at once, unless the host is slow: then the transmitter is not empty before
 * there is room, and a byte that the guest sends all the same is lost. A byte for the guest waits until it is read, and
 * emptying the FIFO does not throw it away: a script on standard input may be there before the guest is. In loopback
 * the guest hears itself, through a FIFO of 16 bytes, and nothing else.
 *
 * <p>All state is guarded by the device's lock, under which the console is called, too.
 */
public final class SerialPort extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x100;

  private static final int DATA = 0;
  private static final int INTERRUPT_ENABLE = 1;
  private static final int INTERRUPT_ID = 2;
  private static final int LINE_CONTROL = 3;
  private static final int MODEM_CONTROL = 4;
  private static final int LINE_STATUS = 5;
  private static final int MODEM_STATUS = 6;
  private static final int SCRATCH = 7;

  private static final int RECEIVED = 1;
  private static final int TRANSMITTER_EMPTY = 2;
  private static final int LINE_ERROR = 4;
  private static final int DIVISOR_LATCH = 0x80;
  private static final int LOOPBACK = 0x10;
  private static final int DATA_READY = 1;
  private static final int OVERRUN = 2;
  private static final int IDLE = 0x60;
  private static final int FIFO_BYTES = 16;
  private static final int CONNECTED = 0xb0;

  /** Looks in vain that make a waiting guest: more than a busy one does between two bytes of output. */
  private static final int PATIENCE = 20;

  /** As much input as waits here; the rest waits with the host. */
  private static final int MOST_INPUT = 64 << 10;

  private final ConsoleSink output;
  private final InterruptLine line;
  private final ArrayDeque<Byte> input = new ArrayDeque<>();
  private final ArrayDeque<Byte> looped = new ArrayDeque<>();
  private int interruptEnable;
  private int fifoControl;
  private int lineControl;
  private int modemControl;
  private int scratch;
  private int divisor = 1;
  private boolean transmitterInterrupt;
  private boolean overrun;

  /** How often the guest has looked for input in vain since it last got or sent something. */
  private int vainLooks;

  /**
   * A serial port.
   *
   * @param output takes each byte that the guest sends; called by any hart's thread
   * @param line the interrupt line of the port
   */
  public SerialPort(ConsoleSink output, InterruptLine line) {
    super("serial", Locking.DEVICE);
    this.output = output;
    this.line = line;
  }

  /**
   * Sends the guest a byte. Any thread may call this.
   *
   * @param value the byte
   * @return false if too many wait already, and it was not taken
   */
  public boolean receive(byte value) {
    return between(() -> {
      boolean taken = input.size() < MOST_INPUT;
      if (taken) {
        input.add(value);
        vainLooks = 0;
        update();
      }
      return taken;
    });
  }

  /**
   * Whether the guest waits for input, and for nothing else. Firmware that polls throws away what comes while it is
   * busy, so a script is fed to it line by line.
   *
   * @return true if it has asked to be interrupted or keeps looking, and has read all there was
   */
  public boolean isWaiting() {
    return between(() -> input.isEmpty() && ((interruptEnable & RECEIVED) != 0 || vainLooks >= PATIENCE));
  }

  /** Looks whether the transmitter has become empty, since the console has room again. Any thread may call this. */
  public void transmit() {
    betweenAccesses(this::update);
  }

  private boolean between(BooleanSupplier work) {
    boolean[] result = new boolean[1];
    betweenAccesses(() -> result[0] = work.getAsBoolean());
    return result[0];
  }

  private void update() {
    line.set(interruptId() != 1);
  }

  private int interruptId() {
    if ((interruptEnable & LINE_ERROR) != 0 && overrun) {
      return 6;
    }
    if ((interruptEnable & RECEIVED) != 0 && !received().isEmpty()) {
      return 4;
    }
    return (interruptEnable & TRANSMITTER_EMPTY) != 0 && transmitterInterrupt && isIdle() ? 2 : 1;
  }

  private boolean isIdle() {
    return loops() || output.hasRoom();
  }

  private boolean loops() {
    return (modemControl & LOOPBACK) != 0;
  }

  /** The byte that the guest reads next: in loopback nothing comes in from outside. */
  private ArrayDeque<Byte> received() {
    return loops() || !looped.isEmpty() ? looped : input;
  }

  private boolean latched() {
    return (lineControl & DIVISOR_LATCH) != 0;
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case DATA -> latched() ? divisor & 0xff : take();
      case INTERRUPT_ENABLE -> latched() ? divisor >>> 8 : interruptEnable;
      case INTERRUPT_ID -> readInterruptId();
      case LINE_CONTROL -> lineControl;
      case MODEM_CONTROL -> modemControl;
      case LINE_STATUS -> lineStatus();
      case MODEM_STATUS -> modemStatus();
      case SCRATCH -> scratch;
      default -> 0;
    };
  }

  private long lineStatus() {
    boolean empty = received().isEmpty();
    boolean idle = isIdle();
    vainLooks += empty && idle ? 1 : 0;
    int status = (empty ? 0 : DATA_READY) | (overrun ? OVERRUN : 0) | (idle ? IDLE : 0);
    if (overrun) {
      overrun = false;
      update();
    }
    return status;
  }

  private long take() {
    Byte next = received().poll();
    update();
    return next == null ? 0 : next & 0xff;
  }

  /** Reading that the transmitter is empty settles that interrupt. */
  private long readInterruptId() {
    int id = interruptId();
    if (id == 2) {
      transmitterInterrupt = false;
      update();
    }
    return id | ((fifoControl & 1) != 0 ? 0xc0 : 0);
  }

  private int modemStatus() {
    if ((modemControl & LOOPBACK) == 0) {
      return CONNECTED;
    }
    return (modemControl & 0xc) << 4 | (modemControl & 2) << 3 | (modemControl & 1) << 5;
  }

  @Override
  public void write(long offset, int size, long value) {
    int bits = (int) value & 0xff;
    switch ((int) offset) {
      case DATA -> setData(bits);
      case INTERRUPT_ENABLE -> setInterruptEnable(bits);
      case INTERRUPT_ID -> fifoControl = bits;
      case LINE_CONTROL -> lineControl = bits;
      case MODEM_CONTROL -> modemControl = bits & 0x1f;
      case SCRATCH -> scratch = bits;
      default -> { }
    }
  }

  private void setData(int bits) {
    if (latched()) {
      divisor = divisor & 0xff00 | bits;
      return;
    }
    transmitterInterrupt = false;
    update();
    send(bits);
    transmitterInterrupt = true;
    vainLooks = 0;
    update();
  }

  private void send(int bits) {
    if (!loops()) {
      output.accept(bits);
    } else if (looped.size() < FIFO_BYTES) {
      looped.add((byte) bits);
    } else {
      overrun = true;
    }
  }

  private void setInterruptEnable(int bits) {
    if (latched()) {
      divisor = divisor & 0xff | bits << 8;
    } else {
      transmitterInterrupt |= (bits & ~interruptEnable & TRANSMITTER_EMPTY) != 0;
      interruptEnable = bits & 0xf;
      update();
    }
  }
}
