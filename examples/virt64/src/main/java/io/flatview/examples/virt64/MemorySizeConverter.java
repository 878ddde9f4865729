package io.flatview.examples.virt64;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 512M}, {@code 2G}, {@code 4096K}, or a number of MiB. */
final class MemorySizeConverter implements ITypeConverter<Long> {

  private static final String UNITS = "KMG";
  private static final int MIB_SHIFT = 20;

  @Override
  public Long convert(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    int unit = upper.isEmpty() ? -1 : UNITS.indexOf(upper.charAt(upper.length() - 1));
    String digits = unit < 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      long count = Long.parseLong(digits);
      return Math.multiplyExact(count, 1L << (unit < 0 ? MIB_SHIFT : 10 * (unit + 1)));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is no size; write 512M, 2G or a number of MiB");
    }
  }
}
