package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Watches {@code tohost}, through which the programs of riscv-tests report: an odd value ends the run, with the upper
 * bits as the exit status; a device and a command in the upper bytes print a character; anything else is the address of
 * a system call, of which {@code write} and {@code exit} are known.
 */
final class HostInterface implements Runnable {

  private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();
  private static final long CONSOLE_PUT = 0x0101;
  private static final int SYSTEM_WRITE = 64;
  private static final int SYSTEM_EXIT = 93;

  private final MemorySystem memory;
  private final AddressSpace space;
  private final long toHost;
  private final long fromHost;
  private final PowerSwitch power;
  private final IntConsumer console;

  HostInterface(
      MemorySystem memory, AddressSpace space, long toHost, long fromHost, PowerSwitch power, IntConsumer console) {
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
      while (!power.isOff()) {
        long value = reader.load(space, toHost, 8);
        if (value != 0) {
          answer(reader, value);
        }
        reader.offline();
        LockSupport.parkNanos(POLL_NANOS);
        reader.online();
      }
    }
  }

  private void answer(MapReader reader, long value) {
    if ((value & 1) != 0 && value >>> 48 == 0) {
      power.end(PowerSwitch.Reason.OFF, status(value >>> 1));
      return;
    }
    reader.store(space, toHost, 8, 0);
    if (value >>> 48 == CONSOLE_PUT) {
      console.accept((int) value & 0xff);
    } else if (value >>> 48 == 0) {
      call(reader, value);
    }
    reader.store(space, fromHost, 8, 1);
  }

  private static int status(long code) {
    return code == 0 ? 0 : Math.max(1, (int) Math.min(code, 255));
  }

  private void call(MapReader reader, long block) {
    long argument = reader.load(space, block + 8, 8);
    switch ((int) reader.load(space, block, 8)) {
      case SYSTEM_WRITE -> write(reader, block);
      case SYSTEM_EXIT -> power.end(PowerSwitch.Reason.OFF, status(argument));
      default -> reader.store(space, block, 8, -1);
    }
  }

  private void write(MapReader reader, long block) {
    long from = reader.load(space, block + 16, 8);
    long length = reader.load(space, block + 24, 8);
    for (long i = 0; i < length; i++) {
      console.accept((int) reader.load(space, from + i, 1));
    }
    reader.store(space, block, 8, length);
  }
}
