package io.flatview.examples.vhost.host;

import java.io.IOException;

/** A call of the system failed; the message says which, and the error number. */
public final class HostException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  HostException(String what, long negativeErrno) {
    super(what + " failed with error number " + -negativeErrno);
    this.errno = (int) -negativeErrno;
  }

  /**
   * The error number.
   *
   * @return as in {@code errno.h}
   */
  public int errno() {
    return errno;
  }

  static long check(String what, long result) throws HostException {
    if (result < 0 && result > -4096) {
      throw new HostException(what, result);
    }
    return result;
  }
}
