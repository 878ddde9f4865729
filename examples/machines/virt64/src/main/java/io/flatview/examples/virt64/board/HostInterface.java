package io.flatview.examples.virt64.board;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.examples.virt64.device.ConsoleSink;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches {@code tohost}, through which the programs of riscv-tests report: an odd value ends the run, with the upper
 * bits as the exit status; a device and a command in the upper bytes print a character; anything else is the address of
 * a system call, of which {@code write} and {@code exit} are known. A call that names memory where nothing answers
 * fails; one that takes long ends with the machine.
 */
final class HostInterface implements Runnable {

  private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();
  private static final long CONSOLE_PUT = 0x0101;
  private static final int SYSTEM_WRITE = 64;
  private static final int SYSTEM_EXIT = 93;
  private static final int REST = 1024;

  private final MemorySystem memory;
  private final AddressSpace space;
  private final long toHost;
  private final long fromHost;
  private final PowerSwitch power;
  private final ConsoleSink console;

  HostInterface(
      MemorySystem memory, AddressSpace space, long toHost, long fromHost, PowerSwitch power, ConsoleSink console) {
    this.memory = memory;
    this.space = space;
    this.toHost = toHost;
    this.fromHost = fromHost;
    this.power = power;
    this.console = console;
  }

  @Override
  public void run() {
    try (MapReader reader = memory.newReader("tohost")) {
      DmaPort port = new DmaPort(reader, space, power::isOff);
      while (!power.isOff()) {
        look(port);
        sleep(port);
      }
    }
  }

  private static void sleep(DmaPort port) {
    port.await(() -> {
      LockSupport.parkNanos(POLL_NANOS);
      return true;
    });
  }

  /** A place where nothing answers holds nothing. */
  private void look(DmaPort port) {
    try {
      long value = port.load(toHost, Long.BYTES);
      if (value != 0) {
        answer(port, value);
      }
    } catch (DmaException _) {
      // The next look finds whether there is memory by then.
    }
  }

  private void answer(DmaPort port, long value) {
    if ((value & 1) != 0 && value >>> 48 == 0) {
      power.end(PowerSwitch.Reason.OFF, value >>> 1);
      return;
    }
    port.store(toHost, Long.BYTES, 0);
    if (value >>> 48 == CONSOLE_PUT) {
      print((int) value & 0xff, port);
    } else if (value >>> 48 == 0) {
      call(port, value);
    }
    port.store(fromHost, Long.BYTES, 1);
  }

  private void print(int value, DmaPort port) {
    while (!console.hasRoom() && !power.isOff()) {
      sleep(port);
    }
    console.accept(value);
  }

  private void call(DmaPort port, long block) {
    long number = load(port, block, 0);
    if (number == SYSTEM_WRITE) {
      store(port, block, write(load(port, block, 2), load(port, block, 3), port));
    } else if (number == SYSTEM_EXIT) {
      power.end(PowerSwitch.Reason.OFF, load(port, block, 1));
    } else {
      store(port, block, -1);
    }
  }

  private static long load(DmaPort port, long block, int word) {
    try {
      return port.load(block + (long) word * Long.BYTES, Long.BYTES);
    } catch (DmaException _) {
      return 0;
    }
  }

  private static void store(DmaPort port, long block, long value) {
    try {
      port.store(block, Long.BYTES, value);
    } catch (DmaException _) {
      // The guest wants no answer there.
    }
  }

  /** @return how many bytes there were to print; -1 for none of those that were asked for */
  private long write(long from, long length, DmaPort port) {
    long done = 0;
    try {
      for (; done != length; done++) {
        print((int) port.load(from + done, 1), port);
        if (done % REST == 0) {
          port.rest();
        }
      }
    } catch (DmaException _) {
      return done == 0 ? -1 : done;
    }
    return done;
  }
}
