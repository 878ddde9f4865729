package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;

/**
 * The translation-request interface for debugging (chapter 4, sections 5.28 to 5.30). A request is done when the store
 * that made it returns; so {@code Go/Busy} never reads 1. It walks the tables and does not ask the cache.
 */
final class DebugRequests {

  static final int IOVA = 600;
  static final int CONTROL = 608;
  static final int RESPONSE = 616;

  private static final long PAGE_MASK = 0xfff;
  private static final long GO = 1;
  private static final long PRIVILEGED = 1 << 1;
  private static final long EXECUTE = 1 << 2;
  private static final long READ_ONLY = 1 << 3;
  private static final long VALID_PROCESS = 1L << 32;
  private static final long WRITABLE =
      PRIVILEGED | EXECUTE | READ_ONLY | 0xf_ffffL << 12 | VALID_PROCESS | 0xff_ffffL << 40;

  private static final long FAULT = 1;
  private static final int TYPE_SHIFT = 7;
  private static final long LARGER = 1 << 9;
  private static final int PAGE_SHIFT = 10;

  private final RiscvIommu iommu;
  private long iova;
  private long control;
  private long response;

  DebugRequests(RiscvIommu iommu) {
    this.iommu = iommu;
  }

  synchronized long read(int offset) {
    return switch (offset) {
      case IOVA -> iova;
      case CONTROL -> control;
      default -> response;
    };
  }

  void write(int offset, long value) {
    set(offset, value);
    if (offset == CONTROL && (value & GO) != 0) {
      MapReader reader = iommu.reader();
      try (ReadSection _ = reader.enter()) {
        answer(run(read(IOVA), value, reader));
      }
    }
  }

  private synchronized void set(int offset, long value) {
    switch (offset) {
      case IOVA -> iova = value & ~PAGE_MASK;
      case CONTROL -> control = value & WRITABLE;
      default -> {
        // The response is read-only.
      }
    }
  }

  private synchronized void answer(long value) {
    response = value;
  }

  private long run(long address, long request, MapReader reader) {
    Device device = iommu.deviceFor((int) (request >>> 40));
    int index = (request & VALID_PROCESS) == 0
        ? ProcessIndex.NONE
        : ProcessIndex.of((int) (request >>> 12) & 0xf_ffff, (request & PRIVILEGED) != 0);
    Access access = access(request);
    iommu.countRequest(device.id(), index);
    IovaTranslation translation = iommu.newTranslation();
    boolean granted = translation.translate(device, index, address, access, reader, null);
    if (granted && !translation.resident) {
      return described(translation);
    }
    FaultCause cause = granted ? FaultCause.TRANSACTION_TYPE_DISALLOWED : translation.fault().cause();
    if (Fault.isReported(cause, translation.isSilent())) {
      long detail = granted ? 0 : translation.fault().detail();
      iommu.faults().report(cause.code(), device.id(), index, access, address, detail, reader);
    }
    return FAULT;
  }

  private static Access access(long request) {
    if ((request & READ_ONLY) == 0) {
      return Access.WRITE;
    }
    return (request & EXECUTE) != 0 ? Access.FETCH : Access.READ;
  }

  /** The page number of a block larger than a page ends with a 0 and ones, as many as encode the size of the block. */
  private static long described(IovaTranslation found) {
    long page = (found.address & ~found.mask | found.mask >>> 1) >>> 12;
    return page << PAGE_SHIFT | (found.mask == PAGE_MASK ? 0 : LARGER) | (long) found.memoryType << TYPE_SHIFT;
  }

  synchronized void reset() {
    iova = 0;
    control = 0;
    response = 0;
  }
}
