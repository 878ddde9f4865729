package io.flatview.examples.virt64.virtio;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.device.DeviceThread;
import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.examples.virt64.irq.InterruptLine;
import io.flatview.examples.virtio.QueueJournal;
import io.flatview.examples.virtio.RingAddresses;
import io.flatview.examples.virtio.SplitQueue;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.MemorySystem;
import java.util.function.Supplier;

/**
 * A transport with one queue, of the legacy or the modern kind, and its device.
 *
 * <p>Registers are guarded by the device's lock. Requests are served by a thread of the device, so that a notification
 * does not wait for the disk; that thread takes the lock only to look at registers.
 *
 * <p>Whatever a driver gets wrong, and whatever fails in the device: the status says that the device needs a reset, and
 * until there is one no queue is served. After a reset the thread finishes the piece that it is copying, 1 MiB at
 * most, and leaves the rest of the request alone.
 */
public final class VirtioMmio extends BoardDevice implements AutoCloseable {

  /** Its extent, in bytes. */
  public static final int SIZE = 0x1000;

  private static final int MAX_QUEUE_SIZE = 256;
  private static final int MAGIC = 0x7472_6976;
  private static final int VENDOR = 0x554d_4551;
  private static final int CONFIGURATION = 0x100;
  private static final long VERSION_1 = 1L << 32;
  private static final long ACCESS_PLATFORM = 1L << 33;
  private static final int NEEDS_RESET = 0x40;
  private static final int USED_BUFFER = 1;
  private static final int CONFIGURATION_CHANGE = 2;
  private static final int DEFAULT_ALIGNMENT = 4096;

  private static final System.Logger LOG = System.getLogger(VirtioMmio.class.getName());

  /** The versions of the transport. */
  public enum Version {
    /** Version 1; drivers give it addresses of memory. */
    LEGACY(1, 0),
    /** Version 2. */
    MODERN(2, VERSION_1),
    /** Version 2; drivers give it the addresses that an IOMMU knows. */
    BEHIND_IOMMU(2, VERSION_1 | ACCESS_PLATFORM);

    private final int number;
    private final long features;

    Version(int number, long features) {
      this.number = number;
      this.features = features;
    }
  }

  private final VirtioDevice device;
  private final Version version;
  private final boolean modern;
  private final InterruptLine line;
  private final DeviceThread thread;
  private volatile VirtQueue queue;

  /** The queue that the device's thread is at; only that uses it. */
  private VirtQueue served;

  private boolean failedBefore;

  private int deviceFeaturesSelector;
  private int driverFeaturesSelector;
  private long driverFeatures;
  private int queueSelector;
  private int queueSize;
  private int pageSize;
  private int queueAlignment = DEFAULT_ALIGNMENT;
  private int pageNumber;
  private long descriptors;
  private long available;
  private long used;
  private int interruptStatus;
  private int status;

  /**
   * A transport.
   *
   * @param device the device behind it, closed when the transport is; or null for nothing
   * @param version the version of the transport
   * @param line the interrupt line of the transport
   * @param memory where the device's thread gets its reader
   * @param space the address space of the device's accesses
   */
  public VirtioMmio(
      VirtioDevice device, Version version, InterruptLine line, MemorySystem memory, AddressSpace space) {
    super("virtio", Locking.DEVICE);
    this.device = device;
    this.version = version;
    this.modern = version != Version.LEGACY;
    this.line = line;
    thread = device == null ? null : new DeviceThread("virtio", memory, space, new Requests());
  }

  // Registers

  @Override
  public long read(long offset, int size) {
    int at = (int) offset;
    if (at >= CONFIGURATION) {
      return configuration(at - CONFIGURATION, size);
    }
    return switch (at) {
      case 0x00 -> MAGIC;
      case 0x04 -> version.number;
      case 0x08 -> device == null ? 0 : device.id();
      case 0x0c -> VENDOR;
      default -> device == null ? 0 : register(at);
    };
  }

  private long configuration(int at, int size) {
    long value = 0;
    for (int i = 0; device != null && i < size; i++) {
      value |= (device.configuration(at + i) & 0xffL) << 8 * i;
    }
    return value;
  }

  private long register(int at) {
    return switch (at) {
      case 0x10 -> deviceFeaturesSelector > 1 ? 0 : offered() >>> 32 * deviceFeaturesSelector & 0xffff_ffffL;
      case 0x34 -> queueSelector == 0 ? MAX_QUEUE_SIZE : 0;
      case 0x40 -> modern || queueSelector != 0 ? 0 : pageNumber;
      case 0x44 -> modern && queueSelector == 0 && queue != null ? 1 : 0;
      case 0x60 -> interruptStatus;
      case 0x70 -> status;
      default -> 0;
    };
  }

  private long offered() {
    return device.features() | version.features | VirtQueue.INDIRECT_DESCRIPTORS | VirtQueue.EVENT_INDEX;
  }

  @Override
  public void write(long offset, int size, long value) {
    int bits = (int) value;
    if (device == null || offset >= CONFIGURATION) {
      return;
    }
    switch ((int) offset) {
      case 0x14 -> deviceFeaturesSelector = bits & 3;
      case 0x20 -> setDriverFeatures(bits);
      case 0x24 -> driverFeaturesSelector = bits & 3;
      case 0x28 -> pageSize = bits;
      case 0x30 -> queueSelector = bits;
      case 0x38 -> queueSize = bits;
      case 0x3c -> queueAlignment = bits;
      case 0x40 -> setPageNumber(bits);
      case 0x44 -> setReady(bits);
      case 0x50 -> thread.wake();
      case 0x64 -> acknowledge(bits);
      case 0x70 -> setStatus(bits);
      case 0x80 -> descriptors = low(descriptors, bits);
      case 0x84 -> descriptors = high(descriptors, bits);
      case 0x90 -> available = low(available, bits);
      case 0x94 -> available = high(available, bits);
      case 0xa0 -> used = low(used, bits);
      case 0xa4 -> used = high(used, bits);
      default -> { }
    }
  }

  private static long low(long old, int bits) {
    return old & ~0xffff_ffffL | bits & 0xffff_ffffL;
  }

  private static long high(long old, int bits) {
    return old & 0xffff_ffffL | (long) bits << 32;
  }

  private void setDriverFeatures(int bits) {
    if (driverFeaturesSelector == 0) {
      driverFeatures = low(driverFeatures, bits);
    } else if (driverFeaturesSelector == 1) {
      driverFeatures = high(driverFeatures, bits);
    }
  }

  private void setPageNumber(int bits) {
    if (!modern && queueSelector == 0) {
      pageNumber = bits;
      place(bits == 0
          ? null
          : () -> RingAddresses.legacy(queueSize(), block(), Integer.toUnsignedLong(queueAlignment)));
    }
  }

  /** The page size counts by its lowest bit; without one it is 1. */
  private long block() {
    int shift = Integer.numberOfTrailingZeros(pageSize) & 31;
    return Integer.toUnsignedLong(pageNumber) << shift;
  }

  private void setReady(int bits) {
    if (modern && queueSelector == 0) {
      place((bits & 1) == 0 ? null : () -> new RingAddresses(queueSize(), descriptors, available, used));
    }
  }

  private int queueSize() {
    return RingAddresses.checkSize(queueSize, MAX_QUEUE_SIZE);
  }

  private void place(Supplier<RingAddresses> placed) {
    queue = null;
    if (placed == null || (status & NEEDS_RESET) != 0) {
      return;
    }
    try {
      queue = new SplitQueue(placed.get(), driverFeatures & offered(), QueueJournal.NONE);
    } catch (DmaException _) {
      needsReset();
    }
  }

  private void acknowledge(int bits) {
    interruptStatus &= ~bits;
    line.set(interruptStatus != 0);
  }

  /** A driver that wants what was not offered does not get its features accepted. Only a reset ends its need. */
  private void setStatus(int bits) {
    boolean refused = (driverFeatures & ~offered()) != 0 && modern;
    status = (refused ? bits & ~8 : bits) | status & NEEDS_RESET;
    if (bits == 0) {
      reset();
    }
  }

  private void reset() {
    status = 0;
    queue = null;
    pageNumber = 0;
    queueSize = 0;
    descriptors = 0;
    available = 0;
    used = 0;
    queueAlignment = DEFAULT_ALIGNMENT;
    driverFeatures = 0;
    queueSelector = 0;
    acknowledge(-1);
  }

  private void raise(int bits) {
    interruptStatus |= bits;
    line.set(true);
  }

  private void needsReset() {
    queue = null;
    status |= NEEDS_RESET;
    raise(CONFIGURATION_CHANGE);
  }

  /** The work of the device's thread. */
  private final class Requests implements DeviceThread.Work {

    @Override
    public void serve(DmaPort port) {
      VirtQueue present = queue;
      served = present;
      DmaPort own = port.until(() -> queue != present);
      if (present != null && !own.isUnwanted()) {
        present.attach(own, own);
        do {
          serveAll(present, own);
        } while (!own.isUnwanted() && present.wantKick());
      }
    }

    private void serveAll(VirtQueue present, DmaPort own) {
      while (!own.isUnwanted()) {
        VirtioRequest request = present.poll();
        if (request == null) {
          return;
        }
        device.serve(request, present.features(), own);
        present.complete(request);
        if (present.wantsInterrupt()) {
          ifServed(() -> raise(USED_BUFFER));
        }
        own.rest();
      }
    }

    @Override
    public void failed(Throwable cause) {
      if (!(cause instanceof DmaException) && !failedBefore) {
        failedBefore = true;
        LOG.log(WARNING, "a virtio device failed, and needs a reset", cause);
      }
      ifServed(VirtioMmio.this::needsReset);
    }

    /** Runs the work unless a driver has reset the device meanwhile. */
    private void ifServed(Runnable work) {
      betweenAccesses(() -> {
        if (queue == served) {
          work.run();
        }
      });
    }

    @Override
    public void ended() {
      device.close();
    }
  }

  /** Ends the device's thread, which closes the device. */
  @Override
  public void close() {
    if (thread != null) {
      thread.close();
    }
  }
}
