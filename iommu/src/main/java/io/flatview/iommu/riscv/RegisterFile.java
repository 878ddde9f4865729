package io.flatview.iommu.riscv;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;

/**
 * The registers (chapter 5), for aligned accesses of 4 and 8 bytes. The bus refuses others; if this handler is called
 * with another size or offset, it reads 0 and writes nothing. So do the registers of features that are not announced.
 */
final class RegisterFile implements MmioHandler {

  static final int CAPABILITIES = 0;
  static final int FCTL = 8;
  static final int DDTP = 16;
  static final int CQB = 24;
  static final int CQH = 32;
  static final int CQT = 36;
  static final int FQB = 40;
  static final int FQH = 48;
  static final int FQT = 52;
  static final int CQCSR = 72;
  static final int FQCSR = 76;
  static final int IPSR = 84;
  static final int ICVEC = 760;

  private static final long LOW = 0xffff_ffffL;
  private static final AccessSizes SIZES = AccessSizes.aligned(4, 8);

  private final RiscvIommu iommu;
  private final DeviceDirectory directory;
  private final CommandQueue commands;
  private final FaultQueue faults;
  private final Interrupts interrupts;
  private final PerformanceMonitor monitor;
  private final DebugRequests debug;
  private final long capabilities;
  private final boolean counts;
  private final boolean debugs;

  RegisterFile(
      RiscvIommu iommu, Capabilities capabilities, DeviceDirectory directory, CommandQueue commands, FaultQueue faults,
      Interrupts interrupts, PerformanceMonitor monitor, DebugRequests debug) {
    this.iommu = iommu;
    this.capabilities = capabilities.register();
    this.counts = capabilities.has(Capabilities.HPM);
    this.debugs = capabilities.has(Capabilities.DBG);
    this.directory = directory;
    this.commands = commands;
    this.faults = faults;
    this.interrupts = interrupts;
    this.monitor = monitor;
    this.debug = debug;
  }

  @Override
  public MmioRules rules() {
    return MmioRules.DEFAULT.withValid(SIZES);
  }

  private static boolean isAccess(long offset, int size) {
    return (size == 4 || size == 8) && (offset & size - 1) == 0;
  }

  private boolean isMonitor(int offset) {
    return counts && offset >= PerformanceMonitor.OVERFLOWS && offset < PerformanceMonitor.END;
  }

  private boolean isDebug(int offset) {
    return debugs && offset >= DebugRequests.IOVA && offset <= DebugRequests.RESPONSE;
  }

  private static boolean isMessage(int offset) {
    return offset >= MessageTable.OFFSET && offset < MessageTable.END;
  }

  @Override
  public long read(long offset, int size) {
    if (!isAccess(offset, size)) {
      return 0;
    }
    return size == 4 ? half(offset) : whole((int) offset);
  }

  private long half(long offset) {
    long whole = whole((int) offset & ~7);
    return ((offset & 4) == 0 ? whole : whole >>> 32) & LOW;
  }

  /** The doubleword at an offset: one register, or two of 4 bytes. */
  private long whole(int offset) {
    return switch (offset) {
      case CAPABILITIES -> capabilities;
      case FCTL -> interrupts.features();
      case DDTP -> directory.ddtp();
      case CQB -> commands.base();
      case CQH -> pair(commands.head(), commands.tail());
      case FQB -> faults.base();
      case FQH -> pair(faults.head(), faults.tail());
      case CQCSR -> pair(commands.status(), faults.status());
      case IPSR & ~7 -> pair(0, interrupts.pending());
      case ICVEC -> interrupts.vectors();
      default -> optional(offset);
    };
  }

  private long optional(int offset) {
    if (isMonitor(offset)) {
      return monitor.read(offset);
    }
    if (isDebug(offset)) {
      return debug.read(offset);
    }
    return isMessage(offset) ? interrupts.readMessage(offset) : 0;
  }

  private static long pair(int low, int high) {
    return low & LOW | (long) high << 32;
  }

  @Override
  public void write(long offset, int size, long value) {
    if (!isAccess(offset, size)) {
      return;
    }
    if (size == 8) {
      writeWhole((int) offset, value);
    } else {
      writeHalf((int) offset, value & LOW);
    }
    interrupts.deliver();
  }

  private void writeWhole(int offset, long value) {
    switch (offset) {
      case DDTP -> iommu.setDirectory(value);
      case CQB -> commands.setBase(value);
      case FQB -> faults.setBase(value);
      case ICVEC -> interrupts.setVectors(value);
      case FCTL, CQH, FQH, CQCSR, IPSR & ~7 -> {
        writeHalf(offset + 4, value >>> 32);
        writeHalf(offset, value & LOW);
      }
      default -> writeOptional(offset, value);
    }
  }

  private void writeOptional(int offset, long value) {
    if (isMonitor(offset)) {
      monitor.write(offset, value);
    } else if (isDebug(offset)) {
      debug.write(offset, value);
    } else if (isMessage(offset)) {
      interrupts.writeMessage(offset, value);
    }
  }

  private void writeHalf(int offset, long value) {
    switch (offset) {
      case FCTL -> setFeatures(value);
      case CQT -> {
        commands.setTail(value);
        commands.run();
      }
      case FQH -> faults.setHead(value);
      case CQCSR -> {
        commands.setStatus((int) value);
        commands.run();
      }
      case FQCSR -> faults.setStatus((int) value);
      case IPSR -> {
        interrupts.clear((int) value);
        commands.refreshInterrupt();
        faults.refreshInterrupt();
      }
      case CAPABILITIES, CAPABILITIES + 4, FCTL + 4, CQH, FQT, IPSR & ~7 -> {
        // Read-only, or registers of features that are never announced.
      }
      default -> {
        int start = offset & ~7;
        long present = whole(start);
        writeWhole(start, offset == start ? present & ~LOW | value : present & LOW | value << 32);
      }
    }
  }

  /** Changes features if the IOMMU and its queues are off (section 5.4); otherwise ignores the write. */
  private void setFeatures(long value) {
    if (DeviceDirectory.isOff(directory.ddtp()) && !commands.isOn() && !faults.isOn()) {
      interrupts.setFeatures(value);
    }
  }
}
