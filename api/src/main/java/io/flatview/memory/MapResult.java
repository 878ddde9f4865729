package io.flatview.memory;

import java.util.concurrent.CompletionStage;

/**
 * The outcome of mapping a window. The caller has to tell the cases apart, so a short window is never taken for a whole
 * one.
 *
 * <pre>{@code
 * switch (space.map(address, length, Access.WRITE)) {
 *   case MapResult.Whole(MappedWindow window) -> ...
 *   case MapResult.Part(MappedWindow window) -> ... // map again from address + window.length()
 *   case MapResult.Busy(CompletionStage<Void> room) -> room.thenRunAsync(this::tryAgain);
 *   case MapResult.Failed(MemTxResult result) -> ...
 * }
 * }</pre>
 */
public sealed interface MapResult {

  /**
   * The window, for a caller that cannot use a shorter one.
   *
   * @return a window that holds every byte
   * @throws IllegalStateException if there is none; a shorter one is closed first
   */
  default MappedWindow whole() {
    return switch (this) {
      case Whole(MappedWindow window) -> window;
      case Part(MappedWindow window) -> {
        window.unmap(0);
        throw new IllegalStateException(window + " is shorter than what was asked for; map the rest on its own");
      }
      case Busy _ -> throw new IllegalStateException("the address space's bounce space is used up; wait for room()");
      case Failed(MemTxResult result) -> throw new IllegalStateException("nothing can be mapped there: " + result);
    };
  }

  /**
   * All bytes.
   *
   * @param window the window, to be closed
   */
  record Whole(MappedWindow window) implements MapResult {}

  /**
   * Fewer bytes than asked for, but at least 1: another region begins, an IOMMU's block ends, or bounce space does.
   *
   * @param window the window, to be closed
   */
  record Part(MappedWindow window) implements MapResult {}

  /**
   * No bytes now: the region is not memory, and other windows hold all the bounce space of the address space.
   *
   * @param room completes, in the thread that closes such a window, when another attempt may succeed; another thread
   *     may be faster and take the room
   */
  record Busy(CompletionStage<Void> room) implements MapResult {}

  /**
   * No bytes ever: nothing answers at the first address, the region refuses this access, or a read of the device
   * failed.
   *
   * @param result the failure that an access would have
   */
  record Failed(MemTxResult result) implements MapResult {}
}
