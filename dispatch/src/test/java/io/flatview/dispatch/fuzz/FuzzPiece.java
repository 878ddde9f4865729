package io.flatview.dispatch.fuzz;

import io.flatview.memory.Access;

/** A region placed in the map, as the oracle knows it: memory, a device, or both. */
final class FuzzPiece {

  /** What a region is made of. */
  enum Kind { RAM, ROM, ROM_DEVICE, DEVICE }

  final Kind kind;
  final int at;
  final int size;

  /** The memory; null for devices. */
  final byte[] bytes;

  /** Null for memory. */
  final FuzzDevice device;

  /** What the device should hold. */
  private final byte[] registers;

  /** Whether fetches are refused. */
  boolean noFetch;

  private int firstShown;
  private int lastShown;

  /** Whether reads of a ROM device go to its memory. */
  boolean romMode = true;

  FuzzPiece(Kind kind, int at, int size, byte[] bytes, FuzzDevice device) {
    this.kind = kind;
    this.at = at;
    this.size = size;
    this.lastShown = size - 1;
    this.bytes = bytes;
    this.device = device;
    this.registers = device == null ? null : device.bytes.clone();
  }

  /** Only the bytes between two of the region show, both included. */
  void showOnly(int one, int other) {
    firstShown = Math.min(one, other);
    lastShown = Math.max(one, other);
  }

  /** Where it begins to show. */
  int from() {
    return at + firstShown;
  }

  /** Where it shows no more. */
  int to() {
    return at + lastShown + 1;
  }

  /** Whether a device serves such an access. */
  boolean asksDevice(Access access) {
    return kind == Kind.DEVICE || kind == Kind.ROM_DEVICE && (access == Access.WRITE || !romMode);
  }

  byte[] bytes(boolean ofDevice) {
    return ofDevice ? registers : bytes;
  }

  @Override
  public String toString() {
    return kind + " of 0x" + Integer.toHexString(size) + " at 0x" + Integer.toHexString(at);
  }
}
