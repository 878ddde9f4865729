package io.flatview.examples.virt64.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files whole, and not what has no end. A pipe may be given for a file. */
final class ProgramFile {

  private static final int MIB = 1 << 20;
  private static final int MOST_BYTES = 1 << 30;
  private static final int MOST_BYTES_OF_A_PIPE = 256 * MIB;
  private static final int KIND = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;

  private ProgramFile() {}

  static byte[] read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    if (isCharacterDevice(file)) {
      throw new IOException("it is a device and not a file");
    }
    int most = Files.isRegularFile(file) ? MOST_BYTES : MOST_BYTES_OF_A_PIPE;
    if (Files.size(file) > most) {
      throw tooLong(most);
    }
    return read(file, most);
  }

  private static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most);
      if (content.length == most && in.read() >= 0) {
        throw tooLong(most);
      }
      return content;
    }
  }

  private static IOException tooLong(int most) {
    return new IOException("it is longer than " + most / MIB + " MiB");
  }

  /** Where file systems do not tell, nothing is one. */
  private static boolean isCharacterDevice(Path file) throws IOException {
    try {
      return ((int) Files.getAttribute(file, "unix:mode") & KIND) == CHARACTER_DEVICE;
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      return false;
    }
  }
}
