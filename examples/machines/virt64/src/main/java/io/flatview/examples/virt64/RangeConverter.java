package io.flatview.examples.virt64;

import io.flatview.memory.AddressRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FIRST-LAST}, {@code FIRST+SIZE} or one address, all hexadecimal, with or without {@code 0x}. */
final class RangeConverter implements ITypeConverter<AddressRange> {

  /** Stands for all addresses where devices are. */
  static final String DEVICES = "devices";

  private static final int HEX = 16;

  @Override
  public AddressRange convert(String text) {
    if (text.equals(DEVICES)) {
      return AddressRange.ALL;
    }
    try {
      return range(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is no range of addresses; write 10000000-100000ff, 10000000+100 or one address");
    }
  }

  private static AddressRange range(String text) {
    int dash = text.indexOf('-');
    int plus = text.indexOf('+');
    if (dash >= 0) {
      return new AddressRange(number(text.substring(0, dash)), number(text.substring(dash + 1)));
    }
    long first = number(plus < 0 ? text : text.substring(0, plus));
    long size = plus < 0 ? 1 : number(text.substring(plus + 1));
    return new AddressRange(first, first + size - 1);
  }

  private static long number(String text) {
    return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, HEX);
  }
}
