package io.flatview.memory;

/**
 * Is called for accesses before they are made, and may stop them: a debugger's watchpoint or breakpoint.
 *
 * <p>Called as an {@link AccessTap} is, and before all of them; the first that stops an access decides. The access is
 * then not made: no device is called, memory stays, a load gives 0, taps are not called, and the result has
 * {@link MemTxResult#STOPPED}. So a CPU that sees it can go back to the instruction, and make the access again when the
 * watch is removed or lets it pass.
 *
 * <p>An access that is cut at an edge, or a transfer, is stopped piece by piece: the other pieces are made. A watch
 * that throws is reported to the log and removed, and the access goes on.
 */
@FunctionalInterface
public interface AccessWatch {

  /**
   * An access is about to be made.
   *
   * @param access the access that would be made; valid only during the call. Its value is the value to be written, or
   *     the content of the memory to be read. A device is not called, so its value is 0, and a filter that matches data
   *     matches no load of a device
   * @return true to stop it
   */
  boolean stops(TappedAccess access);
}
