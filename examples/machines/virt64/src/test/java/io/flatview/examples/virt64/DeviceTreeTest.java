package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.virt64.fdt.DeviceTreeWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A small tree, byte for byte as the specification has it. */
class DeviceTreeTest {

  @Test
  void aTreeIsWrittenAsSpecified() {
    byte[] blob = new DeviceTreeWriter()
        .begin("").texts("a", "xy").begin("n@1").cells("b", 0x01020304).cells("a").end().end()
        .finish();
    String structure = "00000001" + "00000000"
        + "00000003" + "00000003" + "00000000" + "78790000"
        + "00000001" + "6e403100"
        + "00000003" + "00000004" + "00000002" + "01020304"
        + "00000003" + "00000000" + "00000000"
        + "00000002" + "00000002" + "00000009";
    ByteBuffer header = ByteBuffer.wrap(blob);
    assertEquals(0xd00d_feed, header.getInt(0));
    assertEquals(blob.length, header.getInt(4));
    int at = header.getInt(8);
    int size = header.getInt(36);
    assertArrayEquals(HexFormat.of().parseHex(structure), Arrays.copyOfRange(blob, at, at + size));
    int strings = header.getInt(12);
    assertArrayEquals("a\0b\0".getBytes(), Arrays.copyOfRange(blob, strings, strings + header.getInt(32)));
  }
}
