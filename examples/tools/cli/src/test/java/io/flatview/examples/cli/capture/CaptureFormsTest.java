package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.cli.CommandRun;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.examples.cli.machine.RegionSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happened to a map on its way, as long as nothing is missing it is read as the map that it was. */
class CaptureFormsTest {

  @TempDir private Path folder;

  static Stream<Forms.Form> forms() {
    return Forms.all();
  }

  private static MachineDescription read(byte[] bytes) {
    MachineDescription machine = MachineLoader.read("map", bytes, new Notes()).description();
    return new MachineDescription(machine.name(), machine.pageSize(), machine.regions().stream()
        .map(region -> new RegionSpec(0, region.name(), region.kind(), region.size(), region.flags(), region.note()))
        .toList(), machine.placements(), machine.starts(), machine.spaces(), machine.targets());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormIsReadAsTheCleanMap(Forms.Form form) {
    assertEquals(read(Forms.CLEAN.getBytes(StandardCharsets.UTF_8)), read(form.bytes()));
  }

  @Test
  void theCleanMapIsPrintedAsItIsAndNothingIsNoted() throws IOException {
    Path map = Files.writeString(folder.resolve("map"), Forms.CLEAN);
    CommandRun run = CommandRun.of("mtree", "--strict", map);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
  }
}
