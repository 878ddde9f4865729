package io.flatview.examples.virt64.pci;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.examples.virt64.irq.InterruptLine;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.DeviceGuard.Locking;

/**
 * The registers of QEMU's educational device: an identification, a liveness check, factorials, interrupts, and a DMA
 * engine with a buffer of its own. A copy is done inside the callback that starts it, by the hart's thread with its
 * implicit reader. All state is guarded by the device's lock.
 */
public final class EduDevice extends BoardDevice {

  /** Its extent, in bytes. */
  public static final int SIZE = 1 << 20;

  private static final int IDENTIFICATION = 0x0100_00ed;
  private static final int BUFFER = 0x4_0000;
  private static final int BUFFER_BYTES = 4096;
  private static final int FACTORIAL_INTERRUPT = 1;
  private static final int DMA_INTERRUPT = 0x100;
  private static final int INTERRUPT_AFTER_FACTORIAL = 0x80;

  private static final int DMA_RUN = 1;
  private static final int DMA_FROM_DEVICE = 2;
  private static final int DMA_INTERRUPTS = 4;

  private final MemorySystem memory;
  private final AddressSpace space;
  private final InterruptLine line;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int liveness;
  private int factorial;
  private int status;
  private int interrupts;
  private long source;
  private long destination;
  private long count;
  private long command;

  /**
   * A device.
   *
   * @param memory where its reader comes from
   * @param space the address space of its accesses
   * @param line the interrupt line of the device
   */
  public EduDevice(MemorySystem memory, AddressSpace space, InterruptLine line) {
    super("edu", Locking.DEVICE);
    this.memory = memory;
    this.space = space;
    this.line = line;
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case 0x00 -> IDENTIFICATION;
      case 0x04 -> ~liveness;
      case 0x08 -> factorial;
      case 0x20 -> status;
      case 0x24 -> interrupts;
      case 0x80 -> source;
      case 0x88 -> destination;
      case 0x90 -> count;
      case 0x98 -> command;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    switch ((int) offset) {
      case 0x04 -> liveness = (int) value;
      case 0x08 -> computeFactorial((int) value);
      case 0x20 -> status = (int) value & INTERRUPT_AFTER_FACTORIAL;
      case 0x60 -> raise((int) value);
      case 0x64 -> lower((int) value);
      case 0x80 -> source = value;
      case 0x88 -> destination = value;
      case 0x90 -> count = value;
      case 0x98 -> copy(value);
      default -> { }
    }
  }

  private void computeFactorial(int number) {
    int product = 1;
    for (int i = number; Integer.compareUnsigned(i, 1) > 0 && product != 0; i--) {
      product *= i;
    }
    factorial = product;
    if ((status & INTERRUPT_AFTER_FACTORIAL) != 0) {
      raise(FACTORIAL_INTERRUPT);
    }
  }

  private void raise(int bits) {
    interrupts |= bits;
    line.set(interrupts != 0);
  }

  private void lower(int bits) {
    interrupts &= ~bits;
    line.set(interrupts != 0);
  }

  private void copy(long requested) {
    if ((requested & DMA_RUN) == 0) {
      command = requested;
      return;
    }
    boolean fromDevice = (requested & DMA_FROM_DEVICE) != 0;
    long inBuffer = (fromDevice ? source : destination) - BUFFER;
    if (DmaRange.fits(inBuffer, count, BUFFER_BYTES)) {
      copy(fromDevice, (int) inBuffer);
    }
    command = requested & ~DMA_RUN;
    if ((requested & DMA_INTERRUPTS) != 0) {
      raise(DMA_INTERRUPT);
    }
  }

  /** Data that the bus refuses is not copied; the device has no way to say so. */
  private void copy(boolean fromDevice, int inBuffer) {
    DmaPort port = new DmaPort(memory.reader(), space);
    try {
      if (fromDevice) {
        port.write(destination, buffer, inBuffer, (int) count);
      } else {
        port.read(source, buffer, inBuffer, (int) count);
      }
    } catch (DmaException e) {
      count = 0;
    }
  }
}
