package io.flatview.examples.virt64;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 512M}, {@code 2G}, {@code 4096K}, or a number of MiB; with QEMU's {@code size=}, too. */
final class MemorySizeConverter implements ITypeConverter<Long> {

  private static final String UNITS = "KMG";
  private static final String NAME = "SIZE=";
  private static final int MIB_SHIFT = 20;

  @Override
  public Long convert(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    String size = upper.startsWith(NAME) ? upper.substring(NAME.length()) : upper;
    int unit = size.isEmpty() ? -1 : UNITS.indexOf(size.charAt(size.length() - 1));
    String digits = unit < 0 ? size : size.substring(0, size.length() - 1);
    try {
      long count = Long.parseLong(digits);
      return Math.multiplyExact(count, 1L << (unit < 0 ? MIB_SHIFT : 10 * (unit + 1)));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is no size; write 512M, 2G or a number of MiB");
    }
  }
}
