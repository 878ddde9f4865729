package io.flatview.examples.virt64.hart;

/** An exception of the guest. A hart has one and throws it again and again, so that a page fault allocates nothing. */
final class GuestTrap extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private int cause;
  private long value;

  GuestTrap() {
    super(null, null, false, false);
  }

  GuestTrap of(int cause, long value) {
    this.cause = cause;
    this.value = value;
    return this;
  }

  int cause() {
    return cause;
  }

  /** The value for {@code mtval}. */
  long value() {
    return value;
  }
}
