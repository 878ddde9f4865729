package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

class DrawCommandTest {

  @TempDir Path folder;

  static List<Path> models() {
    return Dumps.endingWith(".model.txt");
  }

  @ParameterizedTest
  @MethodSource("models")
  void aPictureIsProperXml(Path model) throws Exception {
    String svg = CommandRun.of("draw", model).out();
    Element root = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
    assertEquals("svg", root.getLocalName());
  }

  @Test
  void aPictureShowsTheChosenSpaceOnly() throws Exception {
    Path file = folder.resolve("pc.html");
    CommandRun run = CommandRun.of("draw", Dumps.file("x86_64-pc-i440fx-2.0-v_base-run.model.txt"), "-o", file,
        "--space", "I/O");
    assertEquals("", run.err());
    String html = Files.readString(file);
    assertTrue(html.startsWith("<!doctype html>"), html);
    assertTrue(html.contains("<a href=\"#space-0\">I/O</a>"), html);
    assertTrue(!html.contains("cpu-memory-0"), html);
  }

  @Test
  void anUnknownSpaceIsNamedTogetherWithThoseThatThereAre() {
    CommandRun run = CommandRun.of("draw", Dumps.file("tie.model.txt"), "--space", "io");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("no address space is named 'io'; there are: memory"), run.err());
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    Path page = folder.resolve("none").resolve("map.html");
    CommandRun run = CommandRun.of("draw", Dumps.file("tie.model.txt"), "-o", page);
    assertEquals(2, run.exitCode());
    assertEquals(page + ": cannot be written: its folder does not exist", run.err().strip());
  }

  @Test
  void aSpaceThatShowsNothingIsNamedInPlaceOfAnEmptyPage() {
    Path map = Dumps.folder("captures").resolve("riscv-virt.mtree.txt");
    CommandRun run = CommandRun.of("draw", "--space", "gpex-root", map);
    assertEquals(1, run.exitCode());
    assertEquals("", run.out());
    assertTrue(run.err().contains("nothing is mapped in 'gpex-root'"), run.err());
  }

  @Test
  void theListOfSpacesNamesAllThatShareAView() throws Exception {
    Path file = folder.resolve("virt.html");
    CommandRun.of("draw", Dumps.folder("captures").resolve("riscv-virt.mtree.txt"), "-o", file);
    assertTrue(Files.readString(file).contains("<a href=\"#space-0\">cpu-memory-0, memory</a>"));
  }
}
