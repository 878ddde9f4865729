package io.flatview.examples.virt64.fdt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a flattened device tree, version 17 of the Devicetree Specification, chapter 5. Nodes are opened and closed in
 * the order of the text; the root is the first. Not thread-safe.
 */
public final class DeviceTreeWriter {

  private static final int MAGIC = 0xd00d_feed;
  private static final int VERSION = 17;
  private static final int COMPATIBLE_VERSION = 16;
  private static final int HEADER_BYTES = 40;
  private static final int NO_RESERVATIONS_BYTES = 16;

  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int END = 9;

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> names = new LinkedHashMap<>();

  /** An empty tree. */
  public DeviceTreeWriter() {}

  /**
   * Opens a node.
   *
   * @param name with its unit address; empty for the root
   * @return this
   */
  public DeviceTreeWriter begin(String name) {
    cell(structure, BEGIN_NODE);
    bytes(text(name));
    return this;
  }

  /**
   * Closes the innermost open node.
   *
   * @return this
   */
  public DeviceTreeWriter end() {
    cell(structure, END_NODE);
    return this;
  }

  /**
   * Sets a property to texts.
   *
   * @param name of the property
   * @param values at least one
   * @return this
   */
  public DeviceTreeWriter texts(String name, String... values) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (String value : values) {
      joined.writeBytes(text(value));
    }
    return property(name, joined.toByteArray());
  }

  /**
   * Sets a property to 32-bit cells.
   *
   * @param name of the property
   * @param values the cells; none for a property that only is there
   * @return this
   */
  public DeviceTreeWriter cells(String name, int... values) {
    ByteBuffer content = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      content.putInt(value);
    }
    return property(name, content.array());
  }

  /**
   * Sets {@code reg} to one range, of two cells each.
   *
   * @param address the first address, unsigned
   * @param size the size in bytes
   * @return this
   */
  public DeviceTreeWriter reg(long address, long size) {
    return property("reg", ByteBuffer.allocate(16).putLong(address).putLong(size).array());
  }

  private DeviceTreeWriter property(String name, byte[] value) {
    cell(structure, PROPERTY);
    cell(structure, value.length);
    cell(structure, names.computeIfAbsent(name, this::addName));
    bytes(value);
    return this;
  }

  private int addName(String name) {
    int at = strings.size();
    strings.writeBytes(text(name));
    return at;
  }

  private static byte[] text(String value) {
    return (value + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static void cell(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  private void bytes(byte[] value) {
    structure.writeBytes(value);
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
  }

  /**
   * Ends the tree.
   *
   * @return the blob
   */
  public byte[] finish() {
    cell(structure, END);
    int structureAt = HEADER_BYTES + NO_RESERVATIONS_BYTES;
    int stringsAt = structureAt + structure.size();
    int total = stringsAt + strings.size();
    return ByteBuffer.allocate(total)
        .putInt(MAGIC).putInt(total).putInt(structureAt).putInt(stringsAt).putInt(HEADER_BYTES)
        .putInt(VERSION).putInt(COMPATIBLE_VERSION).putInt(0).putInt(strings.size()).putInt(structure.size())
        .position(structureAt).put(structure.toByteArray()).put(strings.toByteArray())
        .array();
  }
}
