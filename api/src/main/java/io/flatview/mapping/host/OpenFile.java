package io.flatview.mapping.host;

import java.io.Closeable;
import java.io.IOException;

/** A file to be mapped. Closing it does not end its mappings. */
public interface OpenFile extends Closeable {

  /**
   * The length of the file.
   *
   * @return the number of bytes
   * @throws IOException if the system does not tell it
   */
  long length() throws IOException;

  /**
   * Maps a part.
   *
   * @param offset the offset in the file, 0 or more, of any alignment
   * @param bytes the number of bytes, 0 or more; an access beyond the end of the file throws {@link InternalError}
   * @param use the effect of stores
   * @return the part
   * @throws IOException if the system refuses
   */
  HostBlock map(long offset, long bytes, FileUse use) throws IOException;

  @Override
  void close() throws IOException;
}
