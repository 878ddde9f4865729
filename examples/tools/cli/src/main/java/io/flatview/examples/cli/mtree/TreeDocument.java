package io.flatview.examples.cli.mtree;

import java.util.List;

/**
 * The text of {@code info mtree}, with or without {@code -o} and {@code -D}, line by line: a region stands in it as
 * often as it was printed.
 *
 * @param source the name for messages
 * @param groups the address spaces, by root
 * @param sections the targets of aliases
 */
public record TreeDocument(String source, List<Group> groups, List<Section> sections) {

  private static final String SUFFIX = ".mtree.txt";

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public TreeDocument {
    groups = List.copyOf(groups);
    sections = List.copyOf(sections);
  }

  /**
   * The name of the machine: that of the file.
   *
   * @return the name
   */
  public String name() {
    String file = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
  }

  /** A tree that starts a line of its own. */
  public sealed interface Root {

    /**
     * The line of its heading.
     *
     * @return from 1
     */
    int line();

    /**
     * The tree.
     *
     * @return its topmost region
     */
    TreeNode tree();
  }

  /**
   * Address spaces with the same root.
   *
   * @param line of the first heading
   * @param spaces the names of the address spaces
   * @param tree the tree that they show
   */
  public record Group(int line, List<String> spaces, TreeNode tree) implements Root {

    /**
     * Copies the list.
     *
     * @throws NullPointerException if anything is null
     */
    public Group {
      spaces = List.copyOf(spaces);
    }
  }

  /**
   * The target of an alias.
   *
   * @param line of the heading
   * @param name in the heading
   * @param tree the target
   */
  public record Section(int line, String name, TreeNode tree) implements Root {}
}
