package io.flatview.mapping.host;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells files that can be mapped from others, before they are opened: the open of a pipe waits for a writer. */
final class KindOfFile {

  private static final int MODE_KIND = 0xf000;
  private static final int MODE_PIPE = 0x1000;

  private KindOfFile() {}

  /** Refuses directories and pipes. Devices may have memory. */
  static void requireMappable(Path path) throws IOException {
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    if (file.isDirectory()) {
      throw refused(path, "a directory");
    }
    if (file.isOther() && isPipe(path)) {
      throw refused(path, "a pipe");
    }
  }

  private static boolean isPipe(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && ((int) Files.getAttribute(path, "unix:mode") & MODE_KIND) == MODE_PIPE;
  }

  private static FileSystemException refused(Path path, String kind) {
    return new FileSystemException(path.toString(), null, "it is " + kind + ", and cannot be mapped");
  }
}
