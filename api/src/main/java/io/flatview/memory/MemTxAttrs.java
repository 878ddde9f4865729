package io.flatview.memory;

/**
 * What an initiator says of itself with an access (QEMU's {@code MemTxAttrs}). An initiator makes its attributes once
 * and uses them for all of its accesses.
 *
 * @param requesterId who asks, as devices and IOMMUs know it, such as the bus, device and function of PCI; 0 to 65,535
 * @param pid which of the requester's address spaces; 0 to 255
 * @param secure the access comes from the secure world
 * @param user the access comes from unprivileged code
 * @param memory the initiator wants memory and nothing else: a device answers with {@link MemTxResult#ACCESS_ERROR} and
 *     is not called
 * @param debug the access comes from a debugger: a store reaches what guests can only read
 */
public record MemTxAttrs(int requesterId, int pid, boolean secure, boolean user, boolean memory, boolean debug) {

  /** Nothing said: requester 0, not secure, privileged. */
  public static final MemTxAttrs UNSPECIFIED = new MemTxAttrs(0, 0, false, false, false, false);

  private static final int MAX_REQUESTER = 0xffff;
  private static final int MAX_PID = 0xff;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its bounds
   */
  public MemTxAttrs {
    if (requesterId < 0 || requesterId > MAX_REQUESTER || pid < 0 || pid > MAX_PID) {
      throw new IllegalArgumentException("requester " + requesterId + " and pid " + pid
          + "; 0 to " + MAX_REQUESTER + " and 0 to " + MAX_PID + " are possible");
    }
  }

  /**
   * Attributes of a requester.
   *
   * @param requesterId 0 to 65,535
   * @return otherwise unspecified
   */
  public static MemTxAttrs ofRequester(int requesterId) {
    return new MemTxAttrs(requesterId, 0, false, false, false, false);
  }

  /**
   * The same of another of the requester's address spaces.
   *
   * @param newPid 0 to 255
   * @return new attributes
   */
  public MemTxAttrs withPid(int newPid) {
    return new MemTxAttrs(requesterId, newPid, secure, user, memory, debug);
  }

  /**
   * The same of the secure world.
   *
   * @return new attributes
   */
  public MemTxAttrs asSecure() {
    return new MemTxAttrs(requesterId, pid, true, user, memory, debug);
  }

  /**
   * The same of unprivileged code.
   *
   * @return new attributes
   */
  public MemTxAttrs asUser() {
    return new MemTxAttrs(requesterId, pid, secure, true, memory, debug);
  }

  /**
   * The same for memory only.
   *
   * @return new attributes
   */
  public MemTxAttrs forMemory() {
    return new MemTxAttrs(requesterId, pid, secure, user, true, debug);
  }

  /**
   * The same of a debugger.
   *
   * @return new attributes
   */
  public MemTxAttrs asDebug() {
    return new MemTxAttrs(requesterId, pid, secure, user, memory, true);
  }
}
