package io.flatview.mapping.host;

/** The effect of loads and stores on a mapped file. */
public enum FileUse {
  /** Stores are refused. */
  READ_ONLY,
  /** Stores reach the file. */
  SHARED,
  /** Stores stay with the mapping, whose pages are copied as they are written. */
  PRIVATE
}
