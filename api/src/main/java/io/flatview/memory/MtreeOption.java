package io.flatview.memory;

/** What a printed map tells in addition: the switches of QEMU's {@code info mtree}. */
public enum MtreeOption {
  /** {@code -o}: who each region belongs to; {@code orphan} for those of whom {@link RegionLabels} do not know. */
  OWNER,
  /** {@code -D}: the lines of disabled regions. */
  DISABLED
}
