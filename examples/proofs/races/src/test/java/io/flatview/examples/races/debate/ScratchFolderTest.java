package io.flatview.examples.races.debate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScratchFolderTest {

  @Test
  void nothingIsLeftOfARunThatSucceeds() throws Exception {
    Path gone = ScratchFolder.with("flatview-test", folder -> {
      Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("log"), "text");
      return folder;
    });
    assertFalse(Files.exists(gone));
  }

  @Test
  void theLogsOfARunThatFailsStayAndAreNamed() throws Exception {
    Path[] folders = new Path[1];
    Exception failure = assertThrows(IllegalStateException.class, () -> ScratchFolder.with("flatview-test", folder -> {
      folders[0] = folder;
      throw new IOException("no races");
    }));
    assertTrue(failure.getMessage().contains("no races; its logs are in " + folders[0]), failure::getMessage);
    Files.delete(folders[0]);
  }
}
