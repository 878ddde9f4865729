package io.flatview.dispatch.model;

import java.math.BigInteger;

/** A region as plain data. Its children are those that name it as their parent. */
final class ModelRegion {

  static final int NONE = -1;
  static final BigInteger SPACE = BigInteger.ONE.shiftLeft(64);

  final int id;
  final Kind kind;
  final int target;
  BigInteger size;
  BigInteger targetOffset;
  BigInteger address = BigInteger.ZERO;
  int parent = NONE;
  int priority;
  long placedAt;
  boolean enabled = true;
  boolean readOnly;
  boolean nonVolatile;
  boolean unmergeable;
  boolean noFetch;
  boolean romdMode;
  int dirtyLogMask;
  boolean closed;

  ModelRegion(Op.Make made) {
    id = made.id();
    kind = made.kind();
    target = made.target();
    size = made.size();
    targetOffset = made.targetOffset();
    readOnly = kind == Kind.ROM;
    romdMode = kind == Kind.ROM_DEVICE;
  }

  private ModelRegion(ModelRegion other) {
    id = other.id;
    kind = other.kind;
    target = other.target;
    size = other.size;
    targetOffset = other.targetOffset;
    address = other.address;
    parent = other.parent;
    priority = other.priority;
    placedAt = other.placedAt;
    enabled = other.enabled;
    readOnly = other.readOnly;
    nonVolatile = other.nonVolatile;
    unmergeable = other.unmergeable;
    noFetch = other.noFetch;
    romdMode = other.romdMode;
    dirtyLogMask = other.dirtyLogMask;
    closed = other.closed;
  }

  ModelRegion copy() {
    return new ModelRegion(this);
  }

  boolean holds(BigInteger offset) {
    return offset.signum() >= 0 && offset.compareTo(size) < 0;
  }
}
