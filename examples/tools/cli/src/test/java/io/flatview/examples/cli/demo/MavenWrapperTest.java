package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Maven's distribution is checked, whichever archive of it the wrapper takes. */
@EnabledOnOs(OS.LINUX)
class MavenWrapperTest {

  private static final Path CHECKOUT = Path.of("..", "..", "..");
  private static final List<String> TOOLS = List.of("sh", "tr", "dirname", "basename", "mkdir", "mktemp", "rm", "mv",
      "sha256sum", "tar", "gzip", "cat", "uname", "printf", "cp", "ls", "find", "head", "cut", "sed", "chmod",
      "touch", "expr");

  @TempDir private Path folder;

  private Path project;
  private Path archive;

  /** A project with a distribution of its own, and a PATH without unzip, whose wget copies that. */
  @BeforeEach
  void layOut() throws IOException, InterruptedException {
    project = Files.createDirectories(folder.resolve("project/.mvn/wrapper")).getParent().getParent();
    Files.copy(CHECKOUT.resolve("mvnw"), project.resolve("mvnw"));
    Path maven = Files.createDirectories(folder.resolve("apache-maven-9/bin")).resolve("mvn");
    executable(maven, "echo this is Maven\n");
    archive = folder.resolve("apache-maven-9-bin.tar.gz");
    assertEquals(0, new ProcessBuilder("tar", "czf", archive.toString(), "-C", folder.toString(), "apache-maven-9")
        .start().waitFor());
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (String place : List.of("/usr/bin/", "/bin/")) {
        if (Files.exists(Path.of(place + tool)) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), Path.of(place + tool));
        }
      }
    }
    executable(bin.resolve("wget"), "while [ $# -gt 1 ]; do shift; done; cp '" + archive + "' \"$1\"\n");
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + content);
    assertTrue(file.toFile().setExecutable(true));
  }

  private String sum() throws IOException, NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
  }

  private int run(String zipSum, String tarSum) throws IOException, InterruptedException {
    Files.writeString(project.resolve(".mvn/wrapper/maven-wrapper.properties"), "wrapperVersion=3.3.4\n"
        + "distributionType=only-script\ndistributionUrl=https://example.org/apache-maven-9-bin.zip\n"
        + "distributionSha256Sum=" + zipSum + "\ndistributionTarSha256Sum=" + tarSum + "\n");
    ProcessBuilder builder = new ProcessBuilder(folder.resolve("bin/sh").toString(), project.resolve("mvnw").toString())
        .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    builder.environment().put("PATH", folder.resolve("bin").toString());
    builder.environment().put("MAVEN_USER_HOME", folder.resolve("home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return process.exitValue();
  }

  @Test
  void withoutUnzipTheSumOfTheOtherArchiveIsChecked() throws Exception {
    assertEquals(0, run("0".repeat(64), sum()), Files.readString(folder.resolve("out")));
    assertTrue(Files.readString(folder.resolve("out")).contains("this is Maven"));
  }

  @Test
  void anotherArchiveThanTheOneThatIsMeantIsRefused() throws Exception {
    assertNotEquals(0, run(sum(), "0".repeat(64)));
    assertTrue(Files.readString(folder.resolve("out")).contains("might be compromised"));
  }

  @Test
  void theProjectGivesBothSums() throws IOException {
    String properties = Files.readString(CHECKOUT.resolve(".mvn/wrapper/maven-wrapper.properties"));
    assertTrue(properties.lines().filter(line -> line.matches("distribution(Tar)?Sha256Sum=[0-9a-f]{64}")).count() == 2,
        properties);
  }
}
