package io.flatview.iommu;

/** The kinds of access that a mapping grants. */
public enum Permission {
  /** Reads only. */
  READ(true, false),
  /** Writes only. */
  WRITE(false, true),
  /** Reads and writes. */
  READ_WRITE(true, true);

  private final boolean readable;
  private final boolean writable;

  Permission(boolean readable, boolean writable) {
    this.readable = readable;
    this.writable = writable;
  }

  /**
   * Whether reads are granted.
   *
   * @return true for {@link #READ} and {@link #READ_WRITE}
   */
  public boolean isReadable() {
    return readable;
  }

  /**
   * Whether writes are granted.
   *
   * @return true for {@link #WRITE} and {@link #READ_WRITE}
   */
  public boolean isWritable() {
    return writable;
  }
}
