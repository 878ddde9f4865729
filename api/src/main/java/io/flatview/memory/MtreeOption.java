package io.flatview.memory;

/** Additions to a printed map: the switches of QEMU's {@code info mtree}. */
public enum MtreeOption {
  /** {@code -o}: the owner of each region; {@code orphan} where {@link RegionLabels} name none. */
  OWNER,
  /** {@code -D}: the lines of disabled regions. */
  DISABLED
}
