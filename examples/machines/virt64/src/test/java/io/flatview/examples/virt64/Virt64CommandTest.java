package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
  void aLocaleWithOtherDigitsChangesNothing() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.of("ar", "EG"));
    try {
      theStatusIsTheTestsAndTheMapIsDrawnAndAccessesAreTraced();
      assertTrue(errors.toString().chars().noneMatch(c -> c > '~'), errors::toString);
    } finally {
      Locale.setDefault(before);
    }
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
    int status = 1;
    for (int seconds = 7; status != 0 && seconds < 120; seconds *= 4) { // a busy host has no time for a figure
      status = run("--rcu", "qsbr", "--bios", "none", "--kernel", kernel, "--seconds", Integer.toString(seconds),
          "--storm=500", "--storm-kinds", "ALIAS,DEVICE", "--storm-cost");
    }
    assertEquals(0, status, errors::toString);
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
  void aTestThatFailsIsNamedWithItsCaseAndWhereEachHartWas() throws Exception {
    String kernel = program("tohost-fail.elf").toString();
    assertEquals(5, run("--rcu", "epoch", "-smp", "2", "-m", "64M", "-nographic", "-kernel", kernel, "--stats"));
    assertTrue(errors.toString().contains("the test " + kernel + " failed with 5"), errors::toString);
    assertTrue(errors.toString().contains("virt64: hart0: machine mode at 00000000800000"), errors::toString);
    assertTrue(errors.toString().contains("virt64: hart1: machine mode at 00000000800000"), errors::toString);
    assertTrue(errors.toString().contains("by 2 harts;"), errors::toString);
  }

  @Test
  void aTestThatPassesSaysNothing() throws Exception {
    assertEquals(0, run("--rcu", "epoch", "--kernel", program("tohost-pass.elf").toString()));
    assertEquals("", errors.toString());
  }

  @Test
  void theNumbersOfQemusOptionsAreRead() throws Exception {
    String kernel = program("compute.elf").toString();
    assertEquals(0, run("--rcu", "epoch", "-smp", "cpus=3", "-m", "size=64", "-kernel", kernel, "--stats"));
    assertTrue(errors.toString().contains("by 3 harts;"), errors::toString);
    assertRefused("'2,maxcpus=4' is no number of harts", "--rcu", "epoch", "-smp", "2,maxcpus=4");
  }

  @Test
  void whatHasNoEndIsNotReadAsAProgram() {
    assertRefused("cannot read /dev/zero: it is a device", "--rcu", "epoch", "--kernel", "/dev/zero");
    assertRefused("cannot read /dev/zero: it is a device", "--rcu", "epoch", "--bios", "/dev/zero");
    assertRefused("cannot read " + folder + ": it is a folder", "--rcu", "epoch", "--kernel", folder.toString());
  }

  @Test
  void whatIsNoFileIsNoDrive() throws Exception {
    String kernel = program("compute.elf").toString();
    assertRefused("cannot open the drive /dev/zero", "--rcu", "epoch", "--kernel", kernel, "--drive", "/dev/zero");
    assertRefused("cannot open the drive " + folder, "--rcu", "epoch", "--kernel", kernel, "--drive",
        folder.toString());
    assertRefused("it is a device", "--rcu", "epoch", "--kernel", kernel, "--initrd", "/dev/zero");
  }

  @Test
  void moreMemoryThanFitsBelowThePciWindowIsRefused() throws Exception {
    String kernel = program("compute.elf").toString();
    assertRefused("at most 15032385536 (14G)", "--rcu", "epoch", "--kernel", kernel, "--memory", "100000G");
    assertRefused("is no size", "--rcu", "epoch", "--kernel", kernel, "--memory", "9999999999999G");
    assertRefused("at most 15032385536 (14G)", "--rcu", "epoch", "--kernel", kernel, "--memory", "-1G");
  }

  @Test
  void aRunCannotLastLessThanNothing() throws Exception {
    String kernel = program("compute.elf").toString();
    assertRefused("--seconds -1.0", "--rcu", "epoch", "--kernel", kernel, "--seconds", "-1");
    assertRefused("--seconds NaN", "--rcu", "epoch", "--kernel", kernel, "--seconds", "NaN");
    assertEquals(0, run("--rcu", "epoch", "--kernel", kernel, "--seconds", "1e300"));
  }

  @Test
  void accessesAreTracedInARangeAndToMemoryAsWell() throws Exception {
    String kernel = program("tohost-pass.elf").toString();
    assertEquals(0, run("--rcu", "epoch", "--kernel", kernel, "--trace=80000000+2000"));
    assertTrue(errors.toString().contains("dram+"), errors::toString);
    assertTrue(errors.toString().contains("tohost 000000008000"), errors::toString);
  }

  @Test
  void nothingOutsideOfTheRangeIsTraced() throws Exception {
    String kernel = program("compute.elf").toString();
    assertEquals(0, run("--rcu", "epoch", "--kernel", kernel, "--trace", "0x100000-0x100fff"));
    assertTrue(errors.toString().contains("finisher+0 4 <- 5555"), errors::toString);
    assertTrue(!errors.toString().contains("serial"), errors::toString);
    assertRefused("'3-2' is no range of addresses", "--rcu", "epoch", "--kernel", kernel, "--trace=3-2");
    assertRefused("'x' is no range of addresses", "--rcu", "epoch", "--kernel", kernel, "--trace=x");
  }

  @Test
  void aRunThatIsTooShortToMeasureAStormIsAFailure() throws Exception {
    String kernel = program("own-compute.elf").toString();
    assertEquals(1, run("--rcu", "qsbr", "--bios", "none", "--kernel", kernel, "--seconds", "0.5", "--storm=500",
        "--storm-cost"));
    assertTrue(errors.toString().contains("too short to tell"), errors::toString);
  }

  @Test
  void aPictureThatCannotBeWrittenIsAFailure() throws Exception {
    String kernel = program("compute.elf").toString();
    assertEquals(1, run("--rcu", "epoch", "--kernel", kernel, "--draw", folder.resolve("no/such.svg").toString()));
    assertTrue(errors.toString().contains("cannot write " + folder.resolve("no/such.svg")), errors::toString);
  }

  @Test
  void theTimeLimitIsAFailure() throws Exception {
    Path loop = Files.write(folder.resolve("loop.bin"), new byte[] {0x01, (byte) 0xa0, 0x01, (byte) 0xa0});
    assertEquals(1, run("--rcu", "epoch", "--bios", "none", "--seconds", "0.2", "--kernel", loop.toString()));
  }
}
