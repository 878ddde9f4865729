package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Numbers;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address: hexadecimal, with or without {@code 0x}. */
final class AddressConverter implements ITypeConverter<Long> {

  private static final String PREFIX = "0x";

  @Override
  public Long convert(String text) {
    try {
      return Numbers.hex(text.toLowerCase(Locale.ROOT).startsWith(PREFIX) ? text.substring(2) : text);
    } catch (BadLineException e) {
      throw new TypeConversionException(e.getMessage() + "; an address has 1 to 16 hexadecimal digits");
    }
  }
}
