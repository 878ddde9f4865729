package io.flatview.memory;

/**
 * That the banks on the way to an address show what they showed when it was translated. For what keeps memory beyond an
 * access, such as a CPU's translation cache: it keeps this beside the memory and asks it before each use.
 *
 * <pre>{@code
 * if (entry.selection != null && !entry.selection.isCurrent()) {
 *   fill(entry, reader.translate(space, page, size, Access.READ));
 * }
 * }</pre>
 *
 * <p>The thread that selects another variant finds out at its next look. Other threads find out as they find out about
 * any store; what the selecting thread wrote before it selected, they see when they see the selection.
 *
 * <p><b>Threading.</b> Any thread may ask at any time; one that belongs to a generation that was replaced says nothing
 * of the present map, so compare the {@linkplain MapReader#generation() generation} first, as for all that is kept.
 */
public interface BankSelection {

  /**
   * Whether every bank on the way still selects what it selected.
   *
   * @return false once one of them selects another variant; true again if it selects the former one again
   */
  boolean isCurrent();
}
