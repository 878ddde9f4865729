package io.flatview.memory;

/**
 * The attributes that an initiator sends with an access (QEMU's {@code MemTxAttrs}). An initiator makes its attributes
 * once and uses them for all of its accesses.
 *
 * @param requesterId the number of the initiator, as devices and IOMMUs know it, such as the bus, device and function
 *     of PCI; 0 to 65,535
 * @param hasPid whether the access names one of the requester's address spaces; naming none differs from naming
 *     number 0
 * @param pid the number of the address space that it names, such as a PASID or a RISC-V {@code process_id}; 0 to
 *     1,048,575, and 0 if it names none
 * @param secure the access comes from the secure world
 * @param user the access comes from unprivileged code
 * @param privileged the access asks for privilege in the address space that {@code pid} names, as PCIe's "privileged
 *     mode requested" does; not together with {@code user}
 * @param memory the initiator wants memory and nothing else: a device answers with {@link MemTxResult#ACCESS_ERROR} and
 *     is not called
 * @param debug the access comes from a debugger: a store also writes memory that guests can only read
 */
public record MemTxAttrs(
    int requesterId, boolean hasPid, int pid, boolean secure, boolean user, boolean privileged, boolean memory,
    boolean debug) {

  /** No attributes: requester 0, no address space named, not secure, neither of a user nor asking for privilege. */
  public static final MemTxAttrs UNSPECIFIED = new MemTxAttrs(0, false, 0, false, false, false, false, false);

  private static final int MAX_REQUESTER = 0xffff;
  private static final int MAX_PID = 0xf_ffff;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its bounds, there is a pid that is not named, or the access is
   *     both a user's and privileged
   */
  public MemTxAttrs {
    if (requesterId < 0 || requesterId > MAX_REQUESTER || pid < 0 || pid > MAX_PID) {
      throw new IllegalArgumentException("requester " + requesterId + " and pid " + pid
          + "; 0 to " + MAX_REQUESTER + " and 0 to " + MAX_PID + " are possible");
    }
    if (!hasPid && pid != 0) {
      throw new IllegalArgumentException("pid " + pid + " of an access that names no address space; use withPid");
    }
    if (user && privileged) {
      throw new IllegalArgumentException("an access of a user cannot ask for privilege; say one of them");
    }
  }

  /**
   * Attributes of a requester.
   *
   * @param requesterId the number of the initiator, 0 to 65,535
   * @return new attributes, otherwise unspecified
   */
  public static MemTxAttrs ofRequester(int requesterId) {
    return new MemTxAttrs(requesterId, false, 0, false, false, false, false, false);
  }

  /**
   * A copy that names one of the requester's address spaces; number 0 is one like any other.
   *
   * @param newPid the number of the address space, 0 to 1,048,575
   * @return new attributes, which name it
   */
  public MemTxAttrs withPid(int newPid) {
    return new MemTxAttrs(requesterId, true, newPid, secure, user, privileged, memory, debug);
  }

  /**
   * A copy that names no address space.
   *
   * @return new attributes
   */
  public MemTxAttrs withoutPid() {
    return new MemTxAttrs(requesterId, false, 0, secure, user, privileged, memory, debug);
  }

  /**
   * A copy from the secure world.
   *
   * @return new attributes
   */
  public MemTxAttrs asSecure() {
    return new MemTxAttrs(requesterId, hasPid, pid, true, user, privileged, memory, debug);
  }

  /**
   * A copy from unprivileged code.
   *
   * @return new attributes, which ask for no privilege
   */
  public MemTxAttrs asUser() {
    return new MemTxAttrs(requesterId, hasPid, pid, secure, true, false, memory, debug);
  }

  /**
   * A copy that asks for privilege.
   *
   * @return new attributes, which are not a user's
   */
  public MemTxAttrs asPrivileged() {
    return new MemTxAttrs(requesterId, hasPid, pid, secure, false, true, memory, debug);
  }

  /**
   * A copy for memory only.
   *
   * @return new attributes
   */
  public MemTxAttrs forMemory() {
    return new MemTxAttrs(requesterId, hasPid, pid, secure, user, privileged, true, debug);
  }

  /**
   * A copy from a debugger.
   *
   * @return new attributes
   */
  public MemTxAttrs asDebug() {
    return new MemTxAttrs(requesterId, hasPid, pid, secure, user, privileged, memory, true);
  }
}
