package io.flatview.examples.virt64.load;

import io.flatview.examples.virt64.load.Program.Piece;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** How many symbols may still be looked at: a file has no more than it has room for. */
  private int symbolsLeft;

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
      return new Program(name, pieces(), entry(), symbol("tohost"), symbol("fromhost"), false);
    } catch (IndexOutOfBoundsException e) {
      throw new LoadException(name + " is an ELF file that ends too early");
    }
  }

  /** An offset in the file; an offset beyond all files is beyond this one. */
  private int offset(long unsigned) {
    if (Long.compareUnsigned(unsigned, elf.capacity()) > 0) {
      throw new IndexOutOfBoundsException(Long.toUnsignedString(unsigned));
    }
    return (int) unsigned;
  }

  private int count(int at) {
    return Short.toUnsignedInt(elf.getShort(at));
  }

  private int header(int index) {
    return offset(offset(elf.getLong(32)) + (long) index * count(54));
  }

  /** Segments that share their bytes would let a small file fill any memory. */
  private List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    long left = elf.capacity();
    for (int i = 0; i < count(56); i++) {
      int at = header(i);
      long size = elf.getLong(at + 32);
      if (elf.getInt(at) != LOADABLE || size == 0) {
        continue;
      }
      pieces.add(new Piece(elf.getLong(at + 24), bytes(elf.getLong(at + 8), size)));
      left -= size;
      if (left < 0) {
        throw new LoadException(name + " is an ELF file whose segments overlap in the file");
      }
    }
    if (pieces.isEmpty()) {
      throw new LoadException(name + " is an ELF file with nothing to load");
    }
    return pieces;
  }

  private MemorySegment bytes(long from, long size) {
    return MemorySegment.ofArray(elf.array()).asSlice(offset(from), offset(size));
  }

  private long entry() {
    return physical(elf.getLong(24));
  }

  /** Where a virtual address is loaded. */
  private long physical(long address) {
    for (int i = 0; i < count(56); i++) {
      int at = header(i);
      long distance = address - elf.getLong(at + 16);
      if (elf.getInt(at) == LOADABLE && Long.compareUnsigned(distance, elf.getLong(at + 40)) < 0) {
        return elf.getLong(at + 24) + distance;
      }
    }
    return address;
  }

  private int section(int index) {
    return offset(offset(elf.getLong(40)) + Integer.toUnsignedLong(index) * count(58));
  }

  private OptionalLong symbol(String wanted) {
    byte[] text = (wanted + "\0").getBytes(StandardCharsets.US_ASCII);
    symbolsLeft = elf.capacity() / SYMBOL_BYTES;
    for (int i = 0; i < count(60); i++) {
      int at = section(i);
      if (elf.getInt(at + 4) == SYMBOL_TABLE) {
        OptionalLong found = symbol(text, at, section(elf.getInt(at + 40)));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong symbol(byte[] wanted, int table, int strings) {
    int first = offset(elf.getLong(table + 24));
    int count = offset(elf.getLong(table + 32)) / SYMBOL_BYTES;
    symbolsLeft -= count;
    if (symbolsLeft < 0) {
      throw new LoadException(name + " is an ELF file whose symbol tables overlap");
    }
    int texts = offset(elf.getLong(strings + 24));
    for (int i = 0; i < count; i++) {
      int at = first + i * SYMBOL_BYTES;
      if (isAt(texts + Integer.toUnsignedLong(elf.getInt(at)), wanted)) {
        return OptionalLong.of(physical(elf.getLong(at + 8)));
      }
    }
    return OptionalLong.empty();
  }

  /** Compares with a text and its end; looks at no more of the file than that has bytes. */
  private boolean isAt(long place, byte[] wanted) {
    int at = offset(place);
    int end = Math.min(elf.capacity(), at + wanted.length);
    return Arrays.equals(elf.array(), at, end, wanted, 0, wanted.length);
  }
}
