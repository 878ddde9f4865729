package io.flatview.mapping.host;

/** What becomes of loads and stores to a mapped file. */
public enum FileUse {
  /** There are no stores. */
  READ_ONLY,
  /** Stores reach the file. */
  SHARED,
  /** Stores stay with the mapping, whose pages are copied as they are written. */
  PRIVATE
}
