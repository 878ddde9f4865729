package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions of the C library are linked in one place by all machines. */
class NativeCallsTest {

  @Test
  void machinesLinkTheCLibraryInOnePlace() throws IOException {
    List<String> places = new ArrayList<>();
    for (Path file : SourceTree.files(".java")) {
      if (file.startsWith(SourceTree.ROOT.resolve("examples/machines"))
          && Files.readString(file).contains("Linker.nativeLinker")) {
        places.add(file.getFileName().toString());
      }
    }
    assertEquals(List.of("CLibrary.java"), places);
  }
}
