package io.flatview.examples.mappedindex;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of fixed records: the generation of the file, and a value that follows from it and from the key. */
public final class IndexFile {

  /** The size of a record. */
  static final int RECORD = 2 * Long.BYTES;

  private IndexFile() {}

  /**
   * Writes a file.
   *
   * @param file replaced if it exists
   * @param generation in every record
   * @param records the number of records
   * @return the file
   * @throws IOException if it cannot be written
   */
  public static Path write(Path file, long generation, int records) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(records * RECORD).order(ByteOrder.nativeOrder());
    for (int key = 0; key < records; key++) {
      bytes.putLong(generation).putLong(value(generation, key));
    }
    return Files.write(file, bytes.array());
  }

  /** The value under a key. */
  static long value(long generation, long key) {
    return (generation * 0x9e37_79b9_7f4a_7c15L + key) * 0xc2b2_ae3d_27d4_eb4fL;
  }
}
