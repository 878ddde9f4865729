package io.flatview.memory;

/**
 * A callback before accesses, which may stop them: a debugger's watchpoint or breakpoint.
 *
 * <p>Watches are called like an {@link AccessTap}, but before the access; once one stops the access, no other is
 * called. The access is then not made: no device is called, memory does not change, a load returns 0, taps are not
 * called, and the result has {@link MemTxResult#STOPPED}. So the CPU can go back to the instruction, and repeat the
 * access when the watch is removed or does not stop it.
 *
 * <p>An access that is cut at an edge, or a transfer, is stopped piece by piece: the other pieces are made. A watch
 * that throws an exception is reported to the log and removed, and the access goes on; an {@link Error} reaches the
 * caller of the access, which is not made.
 */
@FunctionalInterface
public interface AccessWatch {

  /**
   * An access is about to be made.
   *
   * @param access the access that would be made; valid only during the call. Its value is the value to be written, or
   *     the content of the memory to be read. For a load from a device the value is 0, since the device is not called,
   *     and a filter that matches data does not match
   * @return true to stop it
   */
  boolean stops(TappedAccess access);
}
