package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher script in a copy of the layout, with a Java and a Maven that only say how they were called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {

  private static final Path SCRIPT = Path.of("..", "..", "flatview");

  @TempDir
  private Path folder;

  private Path root;
  private Path script;
  private Path jdk;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("check out"));
    script = root.resolve("examples/flatview");
    jdk = fakeJdk("a jdk", 25);
    Files.createDirectories(script.getParent());
    Files.copy(SCRIPT, script, StandardCopyOption.COPY_ATTRIBUTES);
    executable(root.resolve("mvnw"), """
        echo maven "$@"
        for each in tools/cli tools/bench proofs/races machines/virt64 machines/vhost-user; do
          mkdir -p examples/$each/target/flatview/lib examples/$each/target/flatview/rcu
          touch examples/$each/target/flatview/rcu/epoch.jar examples/$each/target/flatview/rcu/qsbr.jar
        done
        """);
    Files.writeString(root.resolve("pom.xml"), "");
  }

  private Path fakeJdk(String name, int version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
    executable(home.resolve("bin/javac"), "");
    executable(home.resolve("bin/java"), "for argument in \"$@\"; do echo \"<$argument>\"; done\n");
    return home;
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int status, String out, String err) {}

  private Outcome launch(Map<String, String> environment, Path command, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return new Outcome(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private Outcome launch(String... arguments) throws IOException, InterruptedException {
    return launch(Map.of("JAVA_HOME", jdk.toString()), script, arguments);
  }

  private static String classPath(Outcome outcome) {
    List<String> words = outcome.out.lines().toList();
    return words.get(words.indexOf("<-cp>") + 1);
  }

  @Test
  void withoutAChoiceTheEpochBackendAloneIsOnTheClassPath() throws Exception {
    String layout = root.toRealPath() + "/examples/tools/cli/target/flatview";
    assertEquals("<" + layout + "/lib/*:" + layout + "/rcu/epoch.jar>", classPath(launch("demo")));
  }

  @Test
  void aBuildKeepsWhatTheJvmLoadsForStartsWithTheEpochBackend() throws Exception {
    String layout = root.toRealPath() + "/examples/tools/cli/target/flatview";
    executable(jdk.resolve("bin/java"), """
        for argument in "$@"; do
          echo "<$argument>"
          case $argument in -XX:AOTCacheOutput=*) echo "$@" >"${argument#*=}" ;; esac
        done
        """);
    assertTrue(launch("demo").out.contains("<-XX:AOTCache=" + layout + "/epoch.aot>\n<-Xlog:aot=off>\n<-cp>"));
    assertTrue(text(Path.of(layout, "epoch.aot")).contains(layout + "/lib/*:" + layout + "/rcu/epoch.jar "));
    assertFalse(launch("demo", "--rcu", "qsbr").out.contains("AOTCache"));
    assertFalse(launch("bench", "rcu").out.contains("AOTCache"));
  }

  @Test
  void aJvmThatKeepsNothingIsNoError() throws Exception {
    executable(jdk.resolve("bin/java"), "case $1 in -XX:*) echo no; exit 1 ;; *) echo started ;; esac\n");
    Outcome outcome = launch("demo");
    assertEquals("started\n", outcome.out);
    assertEquals(0, outcome.status);
  }

  @Test
  void theChosenBackendIsTakenFromAnywhereInTheArgumentsAndTheRestIsPassedOn() throws Exception {
    for (String[] arguments : List.of(
        new String[] {"--rcu", "qsbr", "demo", "--map", "a b"},
        new String[] {"demo", "--rcu=qsbr", "--map", "a b"},
        new String[] {"demo", "--map", "a b", "--rcu", "qsbr"})) {
      Outcome outcome = launch(arguments);
      assertTrue(classPath(outcome).endsWith("/rcu/qsbr.jar>"), outcome.out);
      assertTrue(outcome.out.endsWith("<io.flatview.examples.cli.Main>\n<demo>\n<--map>\n<a b>\n"), outcome.out);
    }
  }

  @Test
  void aBackendOfAThirdPartyIsFoundInTheSearchPath() throws Exception {
    Path jar = Files.createFile(Files.createDirectories(folder.resolve("more backends")).resolve("hazard.jar"));
    Outcome outcome = launch(
        Map.of("JAVA_HOME", jdk.toString(), "FLATVIEW_RCU_PATH", "/nowhere:" + jar.getParent()), script,
        "--rcu", "hazard", "demo");
    assertTrue(classPath(outcome).endsWith(":" + jar + ">"), outcome.out);
  }

  @Test
  void aBackendMayBeGivenAsAJar() throws Exception {
    Path jar = Files.writeString(folder.resolve("my own.jar"), "PK");
    assertTrue(classPath(launch("demo", "--rcu", jar.toString())).endsWith(":" + jar + ">"));
    assertTrue(classPath(launch("demo", "--rcu", "my own.jar")).endsWith(":my own.jar>"));
  }

  @Test
  void anUnknownBackendIsAnErrorThatNamesThoseThatAreThere() throws Exception {
    Outcome outcome = launch("demo", "--rcu", "hazrad");
    assertEquals(2, outcome.status);
    assertTrue(outcome.err.contains("no reclamation backend 'hazrad'; there are: epoch qsbr"), outcome.err);
  }

  @Test
  void aMissingJarIsAnError() throws Exception {
    Outcome outcome = launch("demo", "--rcu", "./hazard.jar");
    assertEquals(2, outcome.status);
    assertTrue(outcome.err.contains("there is no file ./hazard.jar"), outcome.err);
  }

  @Test
  void itBuildsOnceAndAgainAfterASourceHasChanged() throws Exception {
    assertTrue(launch("demo").err.contains("maven -q"));
    assertEquals("", launch("demo").err);
    Path source = Files.createDirectories(root.resolve("api/src/main/java")).resolve("New.java");
    Files.createFile(source);
    assertTrue(launch("demo").err.contains("maven -q"));
    assertEquals("", launch("demo").err);
  }

  @Test
  void aProgramIsBuiltAgainForItsOwnSourcesAndNotForThoseOfAnother() throws Exception {
    List<String> commands = List.of("demo", "virt64", "vhost-user-blk", "bench", "debate");
    List<String> programs =
        List.of("tools/cli", "machines/virt64", "machines/vhost-user", "tools/bench", "proofs/races");
    for (String command : commands) {
      assertTrue(launch(command).err.contains("maven -q"), command);
    }
    for (int changed = 0; changed < programs.size(); changed++) {
      touch("examples/" + programs.get(changed) + "/src/main/java/New.java");
      for (String command : commands) {
        assertEquals(command.equals(commands.get(changed)), launch(command).err.contains("maven -q"), command);
      }
    }
  }

  @Test
  void aProgramIsBuiltAgainForWhatProgramsShare() throws Exception {
    launch("virt64");
    for (String shared : List.of("examples/tools/command", "examples/machines/virtio", "api")) {
      touch(shared + "/src/main/java/New.java");
      assertTrue(launch("virt64").err.contains("maven -q"), shared);
      assertEquals("", launch("virt64").err);
    }
  }

  private void touch(String file) throws IOException {
    Files.createFile(Files.createDirectories(root.resolve(file).getParent()).resolve(Path.of(file).getFileName()));
  }

  @Test
  void aMachineIsAProgramOfItsOwnWithTheChosenBackendAndGetsTheRest() throws Exception {
    String layouts = root.toRealPath() + "/examples/machines/";
    Outcome board = launch("--rcu", "qsbr", "virt64", "--harts", "2");
    assertTrue(board.err.contains("-pl examples/machines/virt64 -am"), board.err);
    String layout = layouts + "virt64/target/flatview";
    assertEquals("<" + layout + "/lib/*:" + layout + "/rcu/qsbr.jar>", classPath(board));
    assertTrue(board.out.endsWith("<io.flatview.examples.virt64.Virt64Command>\n<--harts>\n<2>\n"), board.out);
    Outcome disk = launch("vhost-user-blk", "--rcu=qsbr", "--disk", "virt64");
    assertTrue(classPath(disk).endsWith("vhost-user/target/flatview/rcu/qsbr.jar>"), disk.out);
    assertTrue(disk.out.endsWith("<io.flatview.examples.vhost.VhostUserBlkCommand>\n<--disk>\n<virt64>\n"), disk.out);
  }

  @Test
  void theNameOfAProgramIsNoOtherArgument() throws Exception {
    Outcome outcome = launch("demo", "--map", "virt64");
    assertTrue(outcome.out.endsWith("<io.flatview.examples.cli.Main>\n<demo>\n<--map>\n<virt64>\n"), outcome.out);
  }

  @Test
  void aProgramWithAllBackendsRefusesAChoice() throws Exception {
    Outcome outcome = launch("bench", "--rcu", "qsbr");
    assertEquals(2, outcome.status);
    assertTrue(outcome.err.contains("--rcu: this program has all backends"), outcome.err);
  }

  @Test
  void benchmarksAndRacesStartFromLayoutsOfTheirOwnAndGetTheRest() throws Exception {
    Outcome bench = launch("bench", "rcu", "--filter", "a b");
    assertTrue(bench.err.contains("-pl examples/tools/bench -am"), bench.err);
    assertEquals("<" + root.toRealPath() + "/examples/tools/bench/target/flatview/lib/*>", classPath(bench));
    assertTrue(bench.out.endsWith("<io.flatview.examples.bench.Main>\n<rcu>\n<--filter>\n<a b>\n"), bench.out);
    Outcome debate = launch("debate", "--seconds", "1");
    assertEquals("<" + root.toRealPath() + "/examples/proofs/races/target/flatview/lib/*>", classPath(debate));
    assertTrue(debate.out.endsWith(".debate.Debate>\n<--seconds>\n<1>\n"), debate.out);
  }

  @Test
  void aFailedBuildEndsItAndIsTriedAgain() throws Exception {
    executable(root.resolve("mvnw"), "exit 1\n");
    for (int attempt = 0; attempt < 2; attempt++) {
      Outcome outcome = launch("demo");
      assertEquals(70, outcome.status);
      assertTrue(outcome.err.contains("the build failed"), outcome.err);
      assertEquals("", outcome.out);
    }
  }

  @Test
  void itWorksThroughSymbolicLinks() throws Exception {
    Path first = Files.createSymbolicLink(root.resolve("first"), Path.of("examples", "flatview"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    assertEquals(0, launch(Map.of("JAVA_HOME", jdk.toString()), second, "demo").status);
  }

  @Test
  void anOldJavaHomeIsPassedOverForANewerJdk() throws Exception {
    Path old = fakeJdk("old jdk", 21);
    Outcome outcome = launch(Map.of("JAVA_HOME", old.toString(), "JAVA25_HOME", jdk.toString()), script, "demo");
    assertEquals(0, outcome.status);
    assertTrue(outcome.out.contains("<demo>"), outcome.out);
  }

  @Test
  void aPathWithAColonIsRefusedByItsName() throws Exception {
    Path jar = Files.writeString(Files.createDirectories(folder.resolve("a:b")).resolve("c.jar"), "PK");
    Outcome outcome = launch("demo", "--rcu", jar.toString());
    assertEquals(2, outcome.status);
    assertTrue(outcome.err.contains(jar.toString()) && outcome.err.contains("colon"), outcome.err);
  }

  @Test
  void aFileThatIsNoJarIsRefusedByItsName() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.jar"), "nothing");
    Outcome outcome = launch("demo", "--rcu", text.toString());
    assertEquals(2, outcome.status);
    assertTrue(outcome.err.contains("--rcu " + text + " is no jar"), outcome.err);
  }

  private Path lock() throws IOException {
    return Files.createDirectories(root.resolve("examples/tools/cli/target/flatview.lock"));
  }

  @Test
  void aLockWithoutAnOwnerIsTakenOver() throws Exception {
    lock();
    assertTrue(launch("demo").err.contains("maven -q"));
  }

  @Test
  void aLockOfAProcessThatEndedIsTakenOver() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Files.writeString(lock().resolve("owner"), ended.pid() + " 1\n");
    assertTrue(launch("demo").err.contains("maven -q"));
  }

  /** The number of a process that ended may be another's by now; when it began tells them apart. */
  @Test
  void aLockWhoseOwnersNumberIsAnothersByNowIsTakenOver() throws Exception {
    Files.writeString(lock().resolve("owner"), ProcessHandle.current().pid() + " 1\n");
    assertTrue(launch("demo").err.contains("maven -q"));
  }

  /** Forbidden: of two that find an owner gone, the slower one takes over the lock that the other has by now. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLockThatAnotherHasTakenOverAndHoldsIsWaitedFor() throws Exception {
    Path lock = lock();
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Files.writeString(lock.resolve("owner"), ended.pid() + " 1\n");
    String holder = Long.toString(ProcessHandle.current().pid());
    executable(jdk.resolve("bin/cat"), """
        /bin/cat "$@" || exit
        [ ! -e '%1$s/taken' ] || exit 0
        touch '%1$s/taken'
        rm -r '%2$s'
        mkdir '%2$s'
        echo "%3$s $(sed -n 's/.*) //p' /proc/%3$s/stat | cut -d ' ' -f 20)" >'%2$s/owner'
        """.formatted(folder, lock, holder));
    Path said = folder.resolve("said");
    Process second = start(said);
    Await.until("it waits, or ends", () -> quietly(said).contains("waiting for the build") || !second.isAlive());
    assertTrue(text(said).contains("waiting for the build of process " + holder), text(said));
    assertFalse(text(said).contains("maven -q"), text(said));
    Files.move(lock, folder.resolve("released"));
    assertTrue(second.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, second.exitValue());
    assertTrue(text(said).contains("maven -q"), text(said));
  }

  @Test
  void aLockThatIsHeldIsWaitedForAndThatIsSaid() throws Exception {
    Path end = folder.resolve("end");
    executable(root.resolve("mvnw"),
        "until [ -e '" + end + "' ]; do sleep 1; done\n" + Files.readString(root.resolve("mvnw")));
    Path owner = root.resolve("examples/tools/cli/target/flatview.lock/owner");
    Path said = folder.resolve("second");
    Process first = start(folder.resolve("first"));
    Await.until("the first builds", () -> Files.exists(owner));
    Process second = start(said);
    Await.until("the second says that it waits",
        () -> quietly(said).contains("waiting for the build of process " + first.pid()));
    Files.createFile(end);
    assertTrue(first.waitFor(1, TimeUnit.MINUTES) && second.waitFor(1, TimeUnit.MINUTES));
    assertEquals(List.of(0, 0), List.of(first.exitValue(), second.exitValue()));
    assertFalse(text(said).contains("maven -q"), text(said));
  }

  private Process start(Path said) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(script.toString(), "demo").redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder.start();
  }

  private static String quietly(Path file) {
    try {
      return text(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /** A superuser can write everywhere, so that a file stands in the way of the folder. */
  private void makeUnwritable(Path target) throws IOException {
    if (ROOT) {
      Files.writeString(Files.createDirectories(target.getParent()).resolve(target.getFileName()), "");
    } else {
      Files.createDirectories(target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidAndNotTakenForALock() throws Exception {
    makeUnwritable(root.resolve("examples/tools/cli/target"));
    Outcome outcome = launch("demo");
    assertEquals(73, outcome.status);
    assertTrue(outcome.err.contains("is not built yet, and cannot be: "), outcome.err);
  }

  @Test
  void aCheckoutThatIsBuiltAndCannotBeWrittenRuns() throws Exception {
    assertEquals(0, launch("bench").status);
    assertEquals(0, launch("demo").status);
    touch("api/src/main/java/Newer.java");
    Path built = root.resolve("examples/tools/bench/target/flatview");
    Path target = root.resolve("examples/tools/cli/target");
    Files.move(target, folder.resolve("moved"));
    makeUnwritable(target);
    Outcome outcome = launch("bench");
    assertEquals(0, outcome.status, outcome.err);
    assertTrue(outcome.err.contains("cannot be written; running that build"), outcome.err);
    assertTrue(classPath(outcome).contains(built.toRealPath().toString()), outcome.out);
  }

  @Test
  void aPathThatIsNotAsciiIsFoundInALocaleThatIs() throws Exception {
    Path renamed = Files.move(root, folder.resolve("Gerät"));
    executable(jdk.resolve("bin/java"), "echo \"<$LC_ALL>\"\n");
    Outcome outcome = launch(Map.of("JAVA_HOME", jdk.toString(), "LC_ALL", "C"), renamed.resolve("examples/flatview"),
        "demo");
    assertTrue(outcome.out.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8")
        || outcome.err.contains("there is no locale of UTF-8"), outcome.out + outcome.err);
  }
}
