package io.flatview.examples.cli.check;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of files that a dump consists of, told from the ends of their names. */
public enum DumpKind {
  /** The resolved regions and the expected views. */
  MODEL(".model.txt"),
  /** The tree, as {@code info mtree} prints it. */
  TREE(".mtree.txt"),
  /** The views, as {@code info mtree -f} prints them. */
  FLAT(".flat.txt"),
  /** The views with their page tables, as {@code info mtree -f -d} prints them. */
  DISPATCH(".dispatch.txt");

  private final String suffix;

  DumpKind(String suffix) {
    this.suffix = suffix;
  }

  /**
   * The kind that a name tells.
   *
   * @param file any file
   * @return its kind, if its name tells one
   */
  static Optional<DumpKind> of(Path file) {
    return Arrays.stream(values()).filter(kind -> file.getFileName().toString().endsWith(kind.suffix)).findFirst();
  }

  /** The file of this kind that belongs to a dump. */
  Path fileOf(Path base) {
    return base.resolveSibling(base.getFileName() + suffix);
  }

  /** The dump that a file of this kind belongs to. */
  Path baseOf(Path file) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - suffix.length()));
  }

  /** The ending of the names of such files. */
  String suffix() {
    return suffix;
  }
}
