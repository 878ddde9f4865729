package io.flatview.iommu;

/** What a mapping grants. */
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
   * @return true if so
   */
  public boolean isReadable() {
    return readable;
  }

  /**
   * Whether writes are granted.
   *
   * @return true if so
   */
  public boolean isWritable() {
    return writable;
  }
}
