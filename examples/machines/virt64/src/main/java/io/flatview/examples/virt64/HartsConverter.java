package io.flatview.examples.virt64;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of harts; with QEMU's {@code cpus=}, too. */
final class HartsConverter implements ITypeConverter<Integer> {

  private static final String NAME = "cpus=";

  @Override
  public Integer convert(String text) {
    try {
      return Integer.valueOf(text.startsWith(NAME) ? text.substring(NAME.length()) : text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is no number of harts; write 2");
    }
  }
}
