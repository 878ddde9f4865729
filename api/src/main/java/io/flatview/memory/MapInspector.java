package io.flatview.memory;

import java.util.List;

/**
 * Prints and draws the map of a memory system: as QEMU prints it, as JSON, and as a picture.
 *
 * <p>Each text is one consistent snapshot, of the tree (including changes of an open transaction of the calling thread)
 * and of the views in force. Formats are stable: later versions print the same text for a map as any released version,
 * except for members added to JSON objects. Every line ends with a line feed. Texts and pictures show the variant that
 * a bank selects when they are made; a variant that it does not select is listed like a disabled region.
 *
 * <p>The JSON documents have a member {@code format} that names them. Addresses, offsets and sizes are texts, such as
 * {@code "0x0000000000001000"}, since a JSON number is not exact beyond 2<sup>53</sup>; regions are referred to by
 * their {@linkplain MemoryRegion#id() id}.
 *
 * <table class="striped">
 * <caption>Members of the documents</caption>
 * <thead><tr><th scope="col">format</th><th scope="col">members</th></tr></thead>
 * <tbody>
 * <tr><td>{@code flatview-map-1}</td><td>{@code generation}; {@code addressSpaces}: {@code name}, {@code root};
 * {@code regions}: {@code id}, {@code name}, {@code kind} (container, mmio, ram, rom, romd, iommu, reserved, bank,
 * alias), {@code type} (as QEMU prints it), {@code size}, {@code enabled}, {@code readOnly}, {@code nonVolatile},
 * {@code unmergeable}, {@code noFetch}, {@code dirtyLogMask}, {@code owner} if known, {@code parent} (id or null),
 * {@code offset}, {@code priority}, {@code children} in the order in which they win or, for an alias, {@code target}
 * and {@code targetOffset}; for a bank also {@code variants} (how many) and {@code selected} (-1 for none), where the
 * priority of a child is its number; for sparse memory {@code discardGranularity}; {@code views}: {@code
 * addressSpaces} (names), {@code root} (id or null), {@code ranges} (with what banks select in their places) and, if
 * there are banks, {@code banks}: ranges with {@code none} and {@code variants}, the ranges that show under each
 * selection</td></tr>
 * <tr><td>{@code flatview-explanation-1}</td><td>{@code addressSpace}, {@code address}, {@code candidates} in the
 * renderer's order: {@code region}, {@code name}, {@code path} (ids from the root), {@code offset}, {@code verdict}
 * (answers, hidden, passes_on, disabled, not_selected); {@code answer}: a range or null; {@code populated} if sparse
 * memory answers</td></tr>
 * <tr><td>{@code flatview-diff-1}</td><td>{@code changes} in address order: {@code change} (removed, added, moved,
 * resized, altered), {@code before} and {@code after}: a range or null</td></tr>
 * <tr><td>a range</td><td>{@code first}, {@code last} (both inclusive), {@code type}, {@code name}, {@code region},
 * {@code offset}, {@code priority}, {@code readOnly}, {@code nonVolatile}, {@code romdMode}, {@code unmergeable},
 * {@code noFetch}, {@code dirtyLogMask}</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Threading.</b> Any thread; waits while another thread has a transaction open.
 */
public interface MapInspector {

  /**
   * The tree of each address space, and of each region that an alias shows: {@code info mtree}.
   *
   * @param options the additions to each line, and further lines
   * @return the text; address spaces with the same root come together
   */
  String tree(MtreeOption... options);

  /**
   * The flat views: {@code info mtree -f}. QEMU numbers views in the order of a hash table; here they come in the order
   * of the address spaces.
   *
   * @param options the additions to each line; views hold nothing that is disabled
   * @return the text; address spaces that share a view come together
   */
  String flatViews(MtreeOption... options);

  /**
   * The tree and the views as JSON.
   *
   * <p>The text grows with the regions and with the ranges of each different view: some 400 characters for each, and
   * their names. Every variant of a bank counts, as a region and with its ranges in each view that shows the bank: so a
   * bank of 65,536 variants makes 64 MB, which {@link #jsonOfSelected} leaves out.
   *
   * @return a JSON document
   */
  String json();

  /**
   * The tree and the views as JSON, without variants that their banks do not select. A bank's {@code children} are the
   * selected variant or none, and views have no {@code banks}. So the text does not grow with the number of variants.
   * An alias still has its target, even in a variant that is left out; the target's parent is left out then.
   *
   * @return a JSON document of the same format
   */
  String jsonOfSelected();

  /**
   * Explains for people why an address decodes as it does.
   *
   * @param explanation the result of {@link AddressSpace#explain}
   * @return the text
   */
  String text(Explanation explanation);

  /**
   * Explains for programs why an address decodes as it does.
   *
   * @param explanation the result of {@link AddressSpace#explain}
   * @return a JSON document
   */
  String json(Explanation explanation);

  /**
   * Describes for people how two views differ.
   *
   * @param diff the result of {@link FlatViewDiff#between}
   * @return a line for each change, in address order; empty if there is none
   */
  String text(FlatViewDiff diff);

  /**
   * Describes for programs how two views differ.
   *
   * @param diff the result of {@link FlatViewDiff#between}
   * @return a JSON document
   */
  String json(FlatViewDiff diff);

  /**
   * Draws address spaces: the levels of each tree as columns, and the flat view as the last. A region that hides
   * another is drawn to the right of it, and hidden parts are hatched. Heights grow with the logarithm of the size, and
   * holes are cut short, so that eight bytes of registers and gigabytes of memory are both readable.
   *
   * @param spaces the spaces to draw; spaces that share a view are drawn once, spaces that show nothing not at all
   * @return an SVG document without references to anything outside it, readable on light and on dark
   */
  String svg(List<AddressSpace> spaces);

  /**
   * Draws address spaces on a page of its own.
   *
   * @param title the title of the page
   * @param spaces the spaces to draw
   * @return an HTML document without references to anything outside it
   */
  String html(String title, List<AddressSpace> spaces);
}
