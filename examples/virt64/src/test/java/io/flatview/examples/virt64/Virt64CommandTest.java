package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line: what it refuses, and what it writes. */
class Virt64CommandTest {

  private static InputStream input;

  @TempDir
  private Path folder;

  private final StringWriter errors = new StringWriter();

  /** The build talks to this process on its standard input, which the board would read. */
  @BeforeAll
  static void nothingIsTyped() {
    input = System.in;
    System.setIn(InputStream.nullInputStream());
  }

  @AfterAll
  static void restoreTheInput() {
    System.setIn(input);
  }

  private int run(String... arguments) {
    return new CommandLine(new Virt64Command()).setErr(new PrintWriter(errors, true)).execute(arguments);
  }

  private Path program(String name) throws Exception {
    return Files.write(folder.resolve(name), Guest.resource(name));
  }

  private void assertRefused(String message, String... arguments) {
    assertEquals(2, run(arguments));
    assertTrue(errors.toString().contains(message), errors::toString);
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused("cannot read /no/such/file: no such file", "--rcu", "epoch", "--kernel", "/no/such/file");
  }

  @Test
  void theBareMachineNeedsAProgram() {
    assertRefused("--bios none needs a --kernel", "--rcu", "epoch", "--bios", "none");
  }

  @Test
  void aSizeMustBeOne() {
    assertRefused("'3x' is no size", "--rcu", "epoch", "--memory", "3x");
  }

  @Test
  void aProgramThatDoesNotFitIsToldWhereMemoryIs() throws Exception {
    Path big = Files.write(folder.resolve("big.bin"), new byte[2 << 20]);
    assertRefused("but there is memory only at 0000000080000000-00000000800fffff",
        "--rcu", "epoch", "--bios", "none", "--memory", "1M", "--kernel", big.toString());
  }

  @Test
  void theStatusIsTheTestsAndTheMapIsDrawnAndAccessesAreTraced() throws Exception {
    Path picture = folder.resolve("map.svg");
    String kernel = program("compute.elf").toString();
    assertEquals(0, run("--rcu", "qsbr", "--bios", "none", "--kernel", kernel, "--trace", "--stats", "--storm=100",
        "--draw", picture.toString()));
    assertTrue(errors.toString().contains("hart0 0000000010000000 serial+0 1 <- 63"), errors::toString);
    assertTrue(errors.toString().contains("saw a stale map"), errors::toString);
    assertTrue(Files.readString(picture).contains("dram"));
  }

  @Test
  void aDeviceThatTheGuestPlacesIsTracedThere() throws Exception {
    String kernel = program("own-dma.elf").toString();
    assertEquals(0, run("--rcu", "qsbr", "--bios", "none", "--kernel", kernel, "--trace"));
    assertTrue(errors.toString().contains("hart0 0000000042000098 edu+98 8 <- 3"), "nothing of the edu device");
  }

  @Test
  void whatAStormCostsIsTold() throws Exception {
    String kernel = program("own-compute.elf").toString();
    assertEquals(0, run("--rcu", "qsbr", "--bios", "none", "--kernel", kernel, "--seconds", "7",
        "--storm=500", "--storm-kinds", "ALIAS,DEVICE", "--storm-cost"));
    assertTrue(errors.toString().contains("million instructions a second without the storm"), errors::toString);
    assertTrue(errors.toString().contains(" 0 switched logging, 0 remapped"), errors::toString);
  }

  @Test
  void aTestThatFailsGivesItsNumber() throws Exception {
    assertEquals(5, run("--rcu", "epoch", "--kernel", program("tohost-fail.elf").toString()));
  }

  @Test
  void anElfFileForThePlaceOfTheFirmwareRunsOnTheBareMachine() throws Exception {
    assertEquals(0, run("--rcu", "epoch", "--kernel", program("compute.elf").toString()));
  }

  @Test
  void aTestMayBeTheFirmware() throws Exception {
    assertEquals(5, run("--rcu", "epoch", "--bios", program("tohost-fail.elf").toString()));
  }

  @Test
  void theTimeLimitIsAFailure() throws Exception {
    Path loop = Files.write(folder.resolve("loop.bin"), new byte[] {0x01, (byte) 0xa0, 0x01, (byte) 0xa0});
    assertEquals(1, run("--rcu", "epoch", "--bios", "none", "--seconds", "0.2", "--kernel", loop.toString()));
  }
}
