package io.flatview.examples.cli.check;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.flat.FlatParser;
import io.flatview.examples.cli.flat.PageTableText;
import io.flatview.examples.cli.flat.SpaceView;
import io.flatview.examples.cli.flat.ViewTexts;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.model.ModelDump;
import io.flatview.examples.cli.model.ModelParser;
import io.flatview.examples.cli.mtree.MtreeParser;
import io.flatview.examples.cli.mtree.TreeResolver;
import io.flatview.rcu.ReclaimPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks one dump: builds the machine of its model and that of its tree, and compares their views with QEMU's. */
public final class DumpCheck {

  private final DumpSet dump;
  private final ReclaimPolicy policy;
  private final List<String> faults = new ArrayList<>();
  private final List<PageTableComparison> pageTables = new ArrayList<>();

  private DumpCheck(DumpSet dump, ReclaimPolicy policy) {
    this.dump = dump;
    this.policy = policy;
  }

  /**
   * Checks a dump.
   *
   * @param dump the files of the dump
   * @param policy for the memory systems that are built
   * @return what came out; problems of the files are among its faults
   */
  public static Outcome run(DumpSet dump, ReclaimPolicy policy) {
    return new DumpCheck(dump, policy).run();
  }

  private Outcome run() {
    Optional<FlatDocument> dispatch = dispatch();
    dump.file(DumpKind.MODEL).ifPresent(file -> guard(() -> model(file, dispatch)));
    Optional<Path> tree = dump.file(DumpKind.TREE);
    Optional<Path> flat = dump.file(DumpKind.FLAT);
    if (tree.isPresent() && flat.isPresent()) {
      guard(() -> pair(tree.get(), flat.get(), dispatch));
    } else {
      tree.ifPresent(file -> missing(file, DumpKind.FLAT));
      flat.ifPresent(file -> missing(file, DumpKind.TREE));
    }
    if (dump.files().keySet().equals(Set.of(DumpKind.DISPATCH))) {
      missing(dump.files().get(DumpKind.DISPATCH), DumpKind.MODEL);
    }
    return new Outcome(dump.name(), faults, pageTables);
  }

  private void guard(Runnable step) {
    try {
      step.run();
    } catch (DumpException e) {
      e.problems().forEach(problem -> faults.add(problem.toString()));
    } catch (RuntimeException e) {
      faults.add(dump.base() + ": unexpected failure, please report it: " + e);
    }
  }

  private void missing(Path file, DumpKind partner) {
    faults.add(file + ": its partner " + partner.fileOf(dump.base()).getFileName() + " is missing");
  }

  private Optional<FlatDocument> dispatch() {
    List<FlatDocument> read = new ArrayList<>();
    dump.file(DumpKind.DISPATCH).ifPresent(file -> guard(() -> read.add(FlatParser.parse(DumpText.ofFile(file)))));
    return read.stream().findFirst();
  }

  private void model(Path file, Optional<FlatDocument> dispatch) {
    ModelDump model = ModelParser.parse(DumpText.ofFile(file));
    compare(file, model.machine(), model.expected().spaces(), false, dispatch);
  }

  private void pair(Path tree, Path flat, Optional<FlatDocument> dispatch) {
    MachineDescription machine = TreeResolver.resolve(MtreeParser.parse(DumpText.ofFile(tree)));
    FlatDocument expected = FlatParser.parse(DumpText.ofFile(flat));
    Optional<FlatDocument> untold = dump.file(DumpKind.MODEL).isPresent() ? Optional.empty() : dispatch;
    compare(tree, machine.withPageSize(pageSize(untold)), expected.spaces(), true, untold);
  }

  private void compare(Path file, MachineDescription description, List<SpaceView> expected, boolean compareRoots,
      Optional<FlatDocument> dispatch) {
    try (MachineHost host = MachineHost.open(file.toString(), description, policy)) {
      ViewTexts texts = new ViewTexts(host.machine());
      List<SpaceView> actual = host.machine().spaces().stream().map(texts::space).toList();
      ViewComparison.compare(expected, actual, compareRoots).forEach(fault -> faults.add(file + ": " + fault));
      dispatch.ifPresent(document -> pageTables.addAll(PageTableComparison.compare(document, host)));
    }
  }

  /** A tree does not tell the page size, but the split pages of its page tables do. */
  private static int pageSize(Optional<FlatDocument> dispatch) {
    return dispatch.stream()
        .flatMap(document -> document.views().stream())
        .flatMap(view -> view.pageTable().stream())
        .map(PageTableText::pageSize)
        .flatMapToInt(size -> size.stream())
        .findFirst()
        .orElse(MachineDescription.DEFAULT_PAGE_SIZE);
  }
}
