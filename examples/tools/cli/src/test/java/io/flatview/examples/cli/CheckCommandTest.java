package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

  private static final String MODEL = "arm-sx1-def.model.txt";
  private static final String TREE = "arm-sx1-def.mtree.txt";
  private static final String FLAT = "arm-sx1-def.flat.txt";

  @TempDir Path folder;

  private Path copy(String name) throws IOException {
    return Files.copy(Dumps.file(name), folder.resolve(name));
  }

  private Path copy(String name, String from, String to) throws IOException {
    String text = Dumps.read(Dumps.file(name));
    assertTrue(text.contains(from));
    return Files.writeString(folder.resolve(name), text.replace(from, to));
  }

  @Test
  void everyDumpOfTheTestsIsRenderedAsQemuDoes() {
    CommandRun run = CommandRun.of("check", Dumps.folder("mtree"));
    assertAll(
        () -> assertEquals("page tables: 8 as large as QEMU's, 0 different\n13 passed, 0 failed\n", run.out()),
        () -> assertEquals(0, run.exitCode()));
  }

  @Test
  void pageTablesArePrintedOnDemand() {
    CommandRun run = CommandRun.of("check", "--dispatch", Dumps.file("aarch64-kudo-bmc-def.model.txt"));
    assertTrue(run.out().startsWith("aarch64-kudo-bmc-def: page table of '"), run.out());
    assertTrue(run.out().contains("depth"), run.out());
  }

  @Test
  void theFilesOfOneDumpCountOnce() {
    CommandRun run = CommandRun.of("check", Dumps.file(MODEL), Dumps.file(TREE), Dumps.file(FLAT));
    assertEquals("1 passed, 0 failed\n", run.out());
  }

  @Test
  void aMismatchIsALineWithBothRanges() throws IOException {
    copy(MODEL, "F\t10000000\t11ffffff\t0\tram", "F\t10000000\t11ffffff\t0\trom");
    CommandRun run = CommandRun.of("check", folder);
    assertAll(
        () -> assertTrue(run.out().contains("QEMU 0000000010000000-0000000011ffffff (prio 0, rom): omap1.dram"
            + " | here 0000000010000000-0000000011ffffff (prio 0, ram): omap1.dram"), run.out()),
        () -> assertEquals("0 passed, 1 failed", run.lastLine()),
        () -> assertEquals(1, run.exitCode()));
  }

  @Test
  void aMismatchOfThePairFailsTheDumpAlthoughItsModelPasses() throws IOException {
    copy(MODEL);
    copy(TREE);
    copy(FLAT, "Root memory region: system", "Root memory region: elsewhere");
    CommandRun run = CommandRun.of("check", folder);
    assertTrue(run.out().contains("QEMU rendered from elsewhere | here from system"), run.out());
    assertEquals("0 passed, 1 failed", run.lastLine());
  }

  @Test
  void aMissingPartnerIsSaid() throws IOException {
    copy(TREE);
    CommandRun run = CommandRun.of("check", folder);
    assertAll(
        () -> assertTrue(run.out().contains("its partner arm-sx1-def.flat.txt is missing"), run.out()),
        () -> assertEquals("0 passed, 1 failed", run.lastLine()),
        () -> assertEquals(1, run.exitCode()));
  }

  @Test
  void aFileNeedsNoSpecialNameToBeCheckedAsAModel() throws IOException {
    Path file = Files.copy(Dumps.file(MODEL), folder.resolve("anything"));
    assertEquals("1 passed, 0 failed\n", CommandRun.of("check", file).out());
  }

  @Test
  void aBadDumpFailsAndTheOthersAreStillChecked() throws IOException {
    copy(MODEL);
    Files.writeString(folder.resolve("zzz.model.txt"), "nonsense\n");
    CommandRun run = CommandRun.of("check", folder);
    assertAll(
        () -> assertTrue(run.out().contains("zzz.model.txt:1: expected '# memory map model v1'"), run.out()),
        () -> assertEquals("1 passed, 1 failed", run.lastLine()),
        () -> assertEquals(1, run.exitCode()));
  }

  @Test
  void aPathThatLeadsNowhereFails() {
    CommandRun run = CommandRun.of("check", folder, folder.resolve("nowhere"));
    assertAll(
        () -> assertTrue(run.out().contains("holds no file whose name ends with"), run.out()),
        () -> assertTrue(run.out().contains("nowhere: no such file or folder"), run.out()),
        () -> assertEquals("0 passed, 2 failed", run.lastLine()),
        () -> assertEquals(2, run.exitCode()));
  }

  @Test
  void foldersAreSearchedAtAnyDepth() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("a/b/c"));
    Files.copy(Dumps.file(MODEL), deep.resolve(MODEL));
    assertEquals("1 passed, 0 failed\n", CommandRun.of("check", folder).out());
  }

  @Test
  void withoutAPathTheCommandLineIsWrong() {
    assertEquals(2, CommandRun.of("check").exitCode());
  }
}
