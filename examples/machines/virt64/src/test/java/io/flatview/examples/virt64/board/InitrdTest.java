package io.flatview.examples.virt64.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.load.LoadException;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's first file system: where it stands, and whether the device tree says so. */
class InitrdTest {

  private static final long MEMORY = 64L << 20;
  private static final long DEVICE_TREE_POINTER = Layout.RESET_ROM + 32;
  private static final byte[] CONTENT = "a first file system".getBytes(StandardCharsets.US_ASCII);

  @TempDir
  private Path folder;

  private Board board(ReclaimPolicy policy, byte[] initrd) throws Exception {
    Path file = Files.write(folder.resolve("initrd"), initrd);
    return new Board(new BoardOptions(1, MEMORY, null, null, file, null, "", false, false), policy, _ -> { });
  }

  private static byte[] read(Board board, long address, int length) {
    byte[] bytes = new byte[length];
    MapReader reader = board.memory().reader();
    assertTrue(reader.read(board.bus(), address, bytes, 0, length).isOk());
    return bytes;
  }

  private static ByteBuffer deviceTree(Board board) {
    long address = ByteBuffer.wrap(read(board, DEVICE_TREE_POINTER, Long.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN).getLong();
    int size = ByteBuffer.wrap(read(board, address, 8)).getInt(4);
    return ByteBuffer.wrap(read(board, address, size));
  }

  /** The value of the only property of eight bytes with a name. */
  private static long property(ByteBuffer tree, String name) {
    String all = new String(tree.array(), StandardCharsets.ISO_8859_1);
    int nameOffset = all.indexOf(name + "\0") - tree.getInt(12);
    String head = HexFormat.of().formatHex(ByteBuffer.allocate(12).putInt(3).putInt(8).putInt(nameOffset).array());
    return tree.getLong(HexFormat.of().formatHex(tree.array()).indexOf(head) / 2 + 12);
  }

  @Test
  void theDeviceTreeLeadsToIt() throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch"); Board board = board(policy, CONTENT)) {
      ByteBuffer tree = deviceTree(board);
      long first = property(tree, "linux,initrd-start");
      assertEquals(first + CONTENT.length, property(tree, "linux,initrd-end"));
      assertEquals(0, first % 4096);
      assertArrayEquals(CONTENT, read(board, first, CONTENT.length));
    }
  }

  @Test
  void anEmptyOneIsRefused() throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      assertThrows(LoadException.class, () -> board(policy, new byte[0]));
    }
  }
}
