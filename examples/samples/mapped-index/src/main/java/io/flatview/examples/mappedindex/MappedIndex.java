package io.flatview.examples.mappedindex;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * The newest of a row of files of records, each of which replaces the one before: readers never wait, and a file is
 * unmapped as soon as the last of them has left it.
 *
 * <p><b>Threading.</b> For any number of readers and writers.
 */
public final class MappedIndex implements AutoCloseable {

  private final Mappings mappings;
  private final RcuReference<Mapping> current;

  /**
   * An index that shows a file.
   *
   * @param policy whose readers read it; to be closed after the index
   * @param file of {@linkplain IndexFile records}
   * @throws IOException if it cannot be mapped
   */
  public MappedIndex(ReclaimPolicy policy, Path file) throws IOException {
    mappings = Mappings.of(policy);
    current = new RcuReference<>(policy, mappings.file(file, Mapping.Use.READ));
  }

  /**
   * Looks a record up.
   *
   * @param reader of the calling thread
   * @param key from 0 on, below the number of records
   * @return the value, which belongs to the generation that its file was written in
   * @throws IllegalStateException if key, value and generation do not fit together: the record is torn
   */
  public long find(Reader reader, long key) {
    try (ReadSection _ = reader.enter()) {
      MemorySegment records = current.dereference(reader).segment();
      long at = key * IndexFile.RECORD;
      long generation = records.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      long value = records.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Long.BYTES);
      if (value != IndexFile.value(generation, key)) {
        throw new IllegalStateException("record " + key + " is torn: " + generation + ", " + value);
      }
      return value;
    }
  }

  /**
   * Sends the whole file, which takes as long as its receiver likes: pinned in a section, and sent outside. A section
   * around the sending would hold up all that is retired meanwhile.
   *
   * @param reader of the calling thread
   * @param receiver such as a socket
   * @return how many bytes
   * @throws IOException if it cannot be sent
   */
  public long send(Reader reader, WritableByteChannel receiver) throws IOException {
    try (Mapping.Pin pin = pin(reader)) {
      ByteBuffer rest = pin.segment().asByteBuffer();
      while (rest.hasRemaining()) {
        receiver.write(rest);
      }
      return rest.limit();
    }
  }

  private Mapping.Pin pin(Reader reader) {
    try (ReadSection _ = reader.enter()) {
      return current.dereference(reader).pin();
    }
  }

  /**
   * Shows another file.
   *
   * @param next with at least as many records
   * @throws IOException if it cannot be mapped; then the old one stays
   */
  public void swap(Path next) throws IOException {
    current.exchange(mappings.file(next, Mapping.Use.READ)).close();
  }

  @Override
  public void close() {
    current.exchange(null).close();
  }
}
