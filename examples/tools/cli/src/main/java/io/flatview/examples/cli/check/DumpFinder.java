package io.flatview.examples.cli.check;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.dump.UnreadableException;
import io.flatview.examples.cli.model.ModelParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds the dumps that are meant by files and folders. A folder stands for all dumps in it and below. A file stands for
 * itself and for what it needs: a tree for its views, and both for the page tables.
 */
public final class DumpFinder {

  /**
   * The dumps that were found.
   *
   * @param dumps the dumps, each once, sorted by name
   * @param problems a text for each path that leads to no dump
   * @param allThere whether each path is there and can be read
   */
  public record Findings(List<DumpSet> dumps, List<String> problems, boolean allThere) {

    /**
     * Copies the lists.
     *
     * @throws NullPointerException if anything is null
     */
    public Findings {
      dumps = List.copyOf(dumps);
      problems = List.copyOf(problems);
    }
  }

  private final Map<Path, DumpSet> found = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private boolean allThere = true;

  private DumpFinder() {}

  /**
   * Finds dumps.
   *
   * @param paths files and folders
   * @return what was found
   */
  public static Findings find(List<Path> paths) {
    DumpFinder finder = new DumpFinder();
    paths.forEach(finder::guard);
    return new Findings(List.copyOf(finder.found.values()), finder.problems, finder.allThere);
  }

  private void guard(Path path) {
    try {
      add(path);
    } catch (DumpException e) {
      allThere &= !(e instanceof UnreadableException);
      e.problems().forEach(problem -> problems.add(problem.toString()));
    }
  }

  private void add(Path path) {
    if (!Files.exists(path)) {
      throw Problems.unreadable(path.toString(), "no such file or folder");
    }
    if (Files.isDirectory(path)) {
      addAll(path);
    } else {
      DumpKind.of(path).ifPresentOrElse(kind -> addNamed(path, kind), () -> addUnnamed(path));
    }
  }

  private void addAll(Path folder) {
    int before = found.size();
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      files.filter(Files::isRegularFile).forEach(file -> DumpKind.of(file).ifPresent(kind -> put(file, kind)));
    } catch (IOException | UncheckedIOException e) {
      throw Problems.unreadable(folder.toString(), "cannot be searched: " + e.getMessage());
    }
    if (found.size() == before) {
      throw Problems.fatal(folder.toString(), 0, "holds no file whose name ends with " + DumpKind.MODEL.suffix() + ", "
          + DumpKind.TREE.suffix() + ", " + DumpKind.FLAT.suffix() + " or " + DumpKind.DISPATCH.suffix());
    }
  }

  private void addNamed(Path file, DumpKind kind) {
    put(file, kind);
    switch (kind) {
      case MODEL -> partner(file, kind, DumpKind.DISPATCH);
      case TREE -> partners(file, kind, DumpKind.FLAT, DumpKind.DISPATCH);
      case FLAT -> partners(file, kind, DumpKind.TREE, DumpKind.DISPATCH);
      case DISPATCH -> partners(file, kind, DumpKind.MODEL, DumpKind.TREE, DumpKind.FLAT);
    }
  }

  private void partners(Path file, DumpKind kind, DumpKind... others) {
    for (DumpKind other : others) {
      partner(file, kind, other);
    }
  }

  private void partner(Path file, DumpKind kind, DumpKind other) {
    Path partner = other.fileOf(kind.baseOf(file));
    if (Files.exists(partner)) {
      put(partner, other);
    }
  }

  private void addUnnamed(Path file) {
    if (!ModelParser.recognizes(DumpText.ofFile(file))) {
      throw Problems.fatal(file.toString(), 0, "is no model; to compare a tree, name it NAME" + DumpKind.TREE.suffix()
          + " and its views NAME" + DumpKind.FLAT.suffix());
    }
    merge(new DumpSet(file, Map.of(DumpKind.MODEL, file)));
  }

  private void put(Path file, DumpKind kind) {
    Map<DumpKind, Path> files = new EnumMap<>(DumpKind.class);
    files.put(kind, file);
    merge(new DumpSet(kind.baseOf(file), files));
  }

  private void merge(DumpSet set) {
    found.merge(set.base().toAbsolutePath().normalize(), set, DumpSet::with);
  }
}
