package io.flatview.iommu.spec;

/** Which commands are legal: section 3.1, field by field, for an IOMMU without ATS. */
final class SpecCommands {

  private SpecCommands() {}

  private static long bits(long value, int high, int low) {
    return value << 63 - high >>> 63 - high + low;
  }

  static boolean isLegal(long low, long high, long capabilities, int ddtpMode, boolean wires) {
    int opcode = (int) bits(low, 6, 0);
    int function = (int) bits(low, 9, 7);
    return switch (opcode) {
      case 1 -> isInvalidation(low, high, function);
      case 2 -> function == 0 && isFence(low, high, wires);
      case 3 -> isDirectory(low, high, function, capabilities, ddtpMode);
      default -> false;
    };
  }

  private static boolean isInvalidation(long low, long high, int function) {
    boolean reserved = bits(low, 11, 11) != 0 || bits(low, 43, 34) != 0 || bits(low, 63, 60) != 0
        || bits(high, 9, 0) != 0 || bits(high, 63, 62) != 0;
    boolean pscv = bits(low, 32, 32) == 1;
    return !reserved && (function == 0 || function == 1 && !pscv);
  }

  private static boolean isFence(long low, long high, boolean wires) {
    return bits(low, 31, 14) == 0 && bits(high, 63, 62) == 0 && (wires || bits(low, 11, 11) == 0);
  }

  private static boolean isDirectory(long low, long high, int function, long capabilities, int ddtpMode) {
    if (bits(low, 11, 10) != 0 || bits(low, 32, 32) != 0 || bits(low, 39, 34) != 0 || high != 0) {
      return false;
    }
    boolean dv = bits(low, 33, 33) == 1;
    long did = bits(low, 63, 40);
    long pid = bits(low, 31, 12);
    int leaf = bits(capabilities, 22, 22) == 1 ? 6 : 7;
    boolean wide = ddtpMode == 2 && did >>> leaf != 0 || ddtpMode == 3 && did >>> leaf + 9 != 0;
    if (dv && wide) {
      return false;
    }
    int pidBits = bits(capabilities, 40, 40) == 1 ? 20 : bits(capabilities, 39, 39) == 1 ? 17 : 8;
    return function == 0 && pid == 0 || function == 1 && dv && pid >>> pidBits == 0;
  }
}
