package io.flatview.memory;

/**
 * Tells whether the banks on the way to an address still select the variants that they selected when it was translated.
 * For code that keeps memory beyond an access, such as a CPU's translation cache: it keeps this object beside the
 * memory and calls it before each use.
 *
 * <pre>{@code
 * if (entry.selection != null && !entry.selection.isCurrent()) {
 *   fill(entry, reader.translate(space, page, size, Access.READ));
 * }
 * }</pre>
 *
 * <p>After a thread has selected another variant, its next call returns false. Other threads see the selection as they
 * see any volatile store, and with it all earlier writes of the selecting thread.
 *
 * <p><b>Threading.</b> Any thread may call it at any time. The answer is about the generation in which the address was
 * translated, so compare the {@linkplain MapReader#generation() generation} first, as for all kept memory.
 */
public interface BankSelection {

  /**
   * Whether every bank on the way still selects the same variant.
   *
   * @return false once one of them selects another variant; true again if it selects the former one again
   */
  boolean isCurrent();
}
