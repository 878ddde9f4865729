package io.flatview.examples.virt64.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A program: its parts with their addresses, and its start.
 *
 * @param name of its file
 * @param pieces the parts to copy, with their physical addresses
 * @param entry where it starts, a physical address
 * @param toHost where a test writes its result, if it is one
 * @param fromHost where it is answered
 * @param isRaw whether it may stand anywhere
 */
public record Program(
    String name, List<Piece> pieces, long entry, OptionalLong toHost, OptionalLong fromHost, boolean isRaw) {

  /**
   * Content at an address; memory is zero, so what is to be zero is not in it.
   *
   * @param address the physical address of the first byte, unsigned
   * @param content the bytes to copy there
   */
  public record Piece(long address, MemorySegment content) {}

  /**
   * Reads a program.
   *
   * @param file an ELF file for 64-bit RISC-V, or a raw image
   * @param rawAddress where a raw image goes and starts
   * @return the program
   */
  public static Program read(Path file, long rawAddress) {
    return of(file.toString(), bytes(file), rawAddress);
  }

  private static byte[] bytes(Path file) {
    try {
      return ProgramFile.read(file);
    } catch (IOException e) {
      throw new LoadException("cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "no such file"));
    }
  }

  /**
   * Makes a program of a file's content.
   *
   * @param name the name of the program, for messages
   * @param content an ELF image for 64-bit RISC-V, or raw
   * @param rawAddress where a raw image goes and starts
   * @return the program
   */
  public static Program of(String name, byte[] content, long rawAddress) {
    return ElfReader.isElf(content)
        ? new ElfReader(name, content).read()
        : new Program(
            name,
            List.of(new Piece(rawAddress, MemorySegment.ofArray(content))),
            rawAddress,
            OptionalLong.empty(),
            OptionalLong.empty(),
            true);
  }

  /**
   * The same program elsewhere, if it may be.
   *
   * @param address where a raw image goes and starts
   * @return an ELF file as it is
   */
  public Program at(long address) {
    return isRaw
        ? new Program(name, List.of(new Piece(address, pieces.getFirst().content())), address, toHost, fromHost, true)
        : this;
  }

  /**
   * Whether it reports through {@code tohost} and so runs on the bare machine.
   *
   * @return true if so
   */
  public boolean isTest() {
    return toHost.isPresent();
  }

  /**
   * Where it ends.
   *
   * @return the address behind its last byte
   */
  public long end() {
    return pieces.stream()
        .map(piece -> piece.address() + piece.content().byteSize())
        .max(Long::compareUnsigned)
        .orElse(entry);
  }
}
