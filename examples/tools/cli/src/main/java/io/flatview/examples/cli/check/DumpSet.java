package io.flatview.examples.cli.check;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of one dump: those in the same folder whose names differ only in what kind they are.
 *
 * @param base the folder and the name that they have in common
 * @param files the files by kind
 */
public record DumpSet(Path base, Map<DumpKind, Path> files) {

  /**
   * Copies the map.
   *
   * @throws NullPointerException if anything is null
   */
  public DumpSet {
    files = Map.copyOf(files);
  }

  /**
   * The name of the dump.
   *
   * @return for messages
   */
  public String name() {
    return base.getFileName().toString();
  }

  /**
   * A file of the dump.
   *
   * @param kind the kind of the file
   * @return the file, if it is to be checked
   */
  public Optional<Path> file(DumpKind kind) {
    return Optional.ofNullable(files.get(kind));
  }

  /**
   * Adds the files of another set of the same dump.
   *
   * @param other the other set
   * @return all files of both
   */
  DumpSet with(DumpSet other) {
    Map<DumpKind, Path> all = new EnumMap<>(DumpKind.class);
    all.putAll(files);
    all.putAll(other.files);
    return new DumpSet(base, all);
  }
}
