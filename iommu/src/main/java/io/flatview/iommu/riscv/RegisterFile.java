package io.flatview.iommu.riscv;

import io.flatview.memory.MmioHandler;

/**
 * The registers (chapter 5), for aligned accesses of 4 and 8 bytes. Others read 0 and write nothing; so do registers of
 * what is not announced.
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

  /** Interrupts are wired, tables little-endian, guests of 64 bits; none of it can be changed. */
  private static final long FIXED_FEATURES = 2;
  private static final long LOW = 0xffff_ffffL;

  private final RiscvIommu iommu;
  private final DeviceDirectory directory;
  private final CommandQueue commands;
  private final FaultQueue faults;
  private final Interrupts interrupts;
  private final long capabilities;

  RegisterFile(
      RiscvIommu iommu, Capabilities capabilities, DeviceDirectory directory, CommandQueue commands, FaultQueue faults,
      Interrupts interrupts) {
    this.iommu = iommu;
    this.capabilities = capabilities.register();
    this.directory = directory;
    this.commands = commands;
    this.faults = faults;
    this.interrupts = interrupts;
  }

  private static boolean isAccess(long offset, int size) {
    return (size == 4 || size == 8) && (offset & size - 1) == 0;
  }

  @Override
  public long read(long offset, int size) {
    if (!isAccess(offset, size)) {
      return 0;
    }
    return size == 4 ? half(offset) : half(offset) | half(offset + 4) << 32;
  }

  private long half(long offset) {
    long whole = whole(offset & ~7);
    return ((offset & 4) == 0 ? whole : whole >>> 32) & LOW;
  }

  /** The doubleword at an offset: a register, or two. */
  private long whole(long offset) {
    return switch ((int) offset) {
      case CAPABILITIES -> capabilities;
      case FCTL -> FIXED_FEATURES;
      case DDTP -> directory.ddtp();
      case CQB -> commands.base();
      case CQH -> pair(commands.head(), commands.tail());
      case FQB -> faults.base();
      case FQH -> pair(faults.head(), faults.tail());
      case CQCSR -> pair(commands.status(), faults.status());
      case IPSR & ~7 -> pair(0, interrupts.pending());
      case ICVEC -> interrupts.vectors();
      default -> 0;
    };
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
      default -> {
        writeHalf(offset + 4, value >>> 32);
        writeHalf(offset, value & LOW);
      }
    }
  }

  private void writeHalf(int offset, long value) {
    switch (offset) {
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
      case DDTP, DDTP + 4, CQB, CQB + 4, FQB, FQB + 4, ICVEC, ICVEC + 4 -> {
        int start = offset & ~7;
        long present = whole(start);
        writeWhole(start, offset == start ? present & ~LOW | value : present & LOW | value << 32);
      }
      default -> {
        // Read-only, or of what is not announced.
      }
    }
  }
}
