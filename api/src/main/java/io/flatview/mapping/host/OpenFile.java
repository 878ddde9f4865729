package io.flatview.mapping.host;

import java.io.Closeable;
import java.io.IOException;

/** A file to be mapped. What was mapped stays when it is closed. */
public interface OpenFile extends Closeable {

  /**
   * How long it is.
   *
   * @return bytes
   * @throws IOException if that cannot be found out
   */
  long length() throws IOException;

  /**
   * Maps a part.
   *
   * @param offset where, 0 or more, of any alignment
   * @param bytes how much, 0 or more; beyond the end of the file an access is an {@link InternalError}
   * @param use what becomes of stores
   * @return that part
   * @throws IOException if the system refuses
   */
  HostBlock map(long offset, long bytes, FileUse use) throws IOException;

  @Override
  void close() throws IOException;
}
