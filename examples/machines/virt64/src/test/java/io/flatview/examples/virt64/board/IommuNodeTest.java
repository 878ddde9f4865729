package io.flatview.examples.virt64.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The device tree names an IOMMU, and the devices behind it, only where there is one. */
class IommuNodeTest {

  private static String tree(boolean iommu) {
    BoardOptions options = new BoardOptions(1, 64L << 20, null, null, null, null, "", false, iommu);
    return new String(DeviceTree.of(options, null), StandardCharsets.ISO_8859_1);
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  @Test
  void thereIsANodeForTheIommuAndALinkFromEachDeviceBehindIt() {
    String tree = tree(true);
    assertEquals(1, count(tree, "iommu@3010000\0"));
    assertEquals(1, count(tree, "qemu,riscv-iommu\0riscv,iommu\0"));
    // The map of the PCI requesters: from 0, by the IOMMU's handle, to 0, all of them.
    assertEquals(1, count(tree, "\0\0\0\0" + "\0\0\0\3" + "\0\0\0\0" + "\0\1\0\0"));
    for (char index = 0; index < 8; index++) {
      assertEquals(1, count(tree, "\0\0\0\10" /* bytes */ + handleOf(tree) + "\0\0\0\3" + "\0\1\0" + index));
    }
  }

  /** Where the property's name stands among the strings. */
  private static String handleOf(String tree) {
    int strings = tree.charAt(12) << 24 | tree.charAt(13) << 16 | tree.charAt(14) << 8 | tree.charAt(15);
    int name = tree.indexOf("\0iommus\0", strings) + 1 - strings;
    return "" + (char) (name >>> 24) + (char) (name >>> 16 & 0xff) + (char) (name >>> 8 & 0xff) + (char) (name & 0xff);
  }

  @Test
  void withoutAnIommuNobodyNamesOne() {
    assertEquals(0, count(tree(false), "iommu"));
  }
}
