package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.LineHead;
import io.flatview.memory.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * A line of a tree with the lines below it.
 *
 * @param line the number of the line, from 1
 * @param head its range, priority and type
 * @param name of the region
 * @param alias the target, if it is an alias
 * @param disabled marked as disabled
 * @param owner the owner part with its leading blank, or nothing
 * @param unseen the line itself is missing: it is that of a disabled region
 * @param children the lines below, one level deeper
 */
public record TreeNode(
    int line,
    LineHead head,
    String name,
    Optional<AliasText> alias,
    boolean disabled,
    String owner,
    boolean unseen,
    List<TreeNode> children) {

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public TreeNode {
    children = List.copyOf(children);
  }

  /**
   * The lowest address.
   *
   * @return unsigned
   */
  public long first() {
    return head.range().first();
  }

  /**
   * An alias as its line shows it.
   *
   * @param target the name of the target
   * @param window which offsets of the target it shows
   */
  public record AliasText(String target, AddressRange window) {}
}
