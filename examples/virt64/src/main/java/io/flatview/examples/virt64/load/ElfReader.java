package io.flatview.examples.virt64.load;

import io.flatview.examples.virt64.load.Program.Piece;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads an ELF executable: its loadable segments, its entry, and two symbols. */
final class ElfReader {

  private static final int MAGIC = 0x464c_457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int RISCV = 243;
  private static final int LOADABLE = 1;
  private static final int SYMBOL_TABLE = 2;
  private static final int SYMBOL_BYTES = 24;

  private final String name;
  private final ByteBuffer elf;

  ElfReader(String name, byte[] content) {
    this.name = name;
    elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean isElf(byte[] content) {
    return content.length >= 64 && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
  }

  Program read() {
    if (elf.getShort(4) != CLASS_64_LITTLE_ENDIAN || elf.getShort(18) != RISCV) {
      throw new LoadException(name + " is an ELF file, but not for 64-bit little-endian RISC-V");
    }
    try {
      return new Program(name, pieces(), entry(), symbol("tohost"), symbol("fromhost"));
    } catch (IndexOutOfBoundsException e) {
      throw new LoadException(name + " is an ELF file that ends too early");
    }
  }

  private int header(int index) {
    return (int) elf.getLong(32) + index * elf.getShort(54);
  }

  private List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < elf.getShort(56); i++) {
      int at = header(i);
      int size = (int) elf.getLong(at + 32);
      if (elf.getInt(at) == LOADABLE && size > 0) {
        MemorySegment content = MemorySegment.ofArray(elf.array()).asSlice(elf.getLong(at + 8), size);
        pieces.add(new Piece(elf.getLong(at + 24), content));
      }
    }
    if (pieces.isEmpty()) {
      throw new LoadException(name + " is an ELF file with nothing to load");
    }
    return pieces;
  }

  private long entry() {
    return physical(elf.getLong(24));
  }

  /** Where a virtual address is loaded. */
  private long physical(long address) {
    for (int i = 0; i < elf.getShort(56); i++) {
      int at = header(i);
      long distance = address - elf.getLong(at + 16);
      if (elf.getInt(at) == LOADABLE && Long.compareUnsigned(distance, elf.getLong(at + 40)) < 0) {
        return elf.getLong(at + 24) + distance;
      }
    }
    return address;
  }

  private int section(int index) {
    return (int) elf.getLong(40) + index * elf.getShort(58);
  }

  private OptionalLong symbol(String wanted) {
    for (int i = 0; i < elf.getShort(60); i++) {
      int at = section(i);
      if (elf.getInt(at + 4) == SYMBOL_TABLE) {
        OptionalLong found = symbol(wanted, at, section(elf.getInt(at + 40)));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong symbol(String wanted, int table, int strings) {
    int first = (int) elf.getLong(table + 24);
    int end = first + (int) elf.getLong(table + 32);
    for (int at = first; at + SYMBOL_BYTES <= end; at += SYMBOL_BYTES) {
      if (text((int) elf.getLong(strings + 24) + elf.getInt(at)).equals(wanted)) {
        return OptionalLong.of(physical(elf.getLong(at + 8)));
      }
    }
    return OptionalLong.empty();
  }

  private String text(int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, StandardCharsets.US_ASCII);
  }
}
