package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.SPACE;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** A history as lines of Java, to be pasted into a test that has a {@code memory}. */
final class Script {

  private final StringBuilder lines = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private int transactions;

  private Script() {}

  static String of(List<Op> history) {
    Script script = new Script();
    history.forEach(op -> script.lines.append(script.line(op)).append('\n'));
    return script.lines.toString();
  }

  private String line(Op op) {
    return switch (op) {
      case Op.Make made -> make(made);
      case Op.Change change -> open.isEmpty() ? "memory.update(tx -> tx." + call(change) + ");" : open.peek() + "."
          + call(change) + ";";
      case Op.Close(int region) -> "r" + region + ".close();";
      case Op.OpenSpace(int space, int root) ->
          "AddressSpace s" + space + " = memory.addressSpace(\"s" + space + "\", r" + root + ");";
      case Op.CloseSpace(int space) -> "s" + space + ".close();";
      case Op.Begin _ -> begin();
      case Op.Commit(int trap) -> end(".commit();" + (trap == 0 ? "" : trap < 0
          ? " // a listener refuses" : " // callback " + trap + " fails"));
      case Op.RollBack _ -> end(".close();");
      case Op.Plan _ -> open.isEmpty() ? "// plans no transaction" : open.peek() + ".plan();";
      case Op.Enter _ -> "ReadSection section = reader.enter();";
      case Op.Leave _ -> "section.close();";
      case Op.GracePeriod _ -> "policy.runGracePeriod();";
      case Op.Load(int space, long address, int size) ->
          "reader.load(s" + space + ", " + hex(address) + ", " + size + ");";
      case Op.Store(int space, long address, int size, long value) ->
          "reader.store(s" + space + ", " + hex(address) + ", " + size + ", " + hex(value) + ");";
    };
  }

  private String begin() {
    open.push("tx" + ++transactions);
    return "Transaction " + open.peek() + " = memory.begin();";
  }

  private String end(String how) {
    return open.isEmpty() ? "// ends no transaction" : open.pop() + how;
  }

  private static String make(Op.Make made) {
    String name = "r" + made.id();
    String size = size(made.size());
    return switch (made.kind()) {
      case CONTAINER -> "MemoryRegion.Container " + name + " = memory.container(\"" + name + "\", " + size + ");";
      case RAM -> "MemoryRegion.Ram " + name + " = memory.ram(\"" + name + "\", " + size + ");";
      case ROM -> "MemoryRegion.Rom " + name + " = memory.rom(\"" + name + "\", " + size + ");";
      case ROM_DEVICE -> "MemoryRegion.RomDevice " + name + " = memory.romDevice(\"" + name + "\", " + size
          + ", new ByteDevice(" + made.id() + "));";
      case MMIO -> "MemoryRegion.Mmio " + name + " = memory.mmio(\"" + name + "\", " + size + ", new ByteDevice("
          + made.id() + "));";
      case RESERVED -> "MemoryRegion.Reserved " + name + " = memory.reserved(\"" + name + "\", " + size + ");";
      case ALIAS -> "MemoryRegion.Alias " + name + " = memory.alias(\"" + name + "\", r" + made.target() + ", "
          + hex(made.targetOffset()) + ", " + size + ");";
    };
  }

  private static String call(Op.Change change) {
    return switch (change) {
      case Op.Add(int parent, BigInteger offset, int child, int priority) ->
          "addSubregion(r" + parent + ", " + hex(offset) + ", r" + child + ", " + priority + ")";
      case Op.Del(int child) -> "delSubregion(r" + child + ")";
      case Op.Move(int region, BigInteger offset) -> "setAddress(r" + region + ", " + hex(offset) + ")";
      case Op.Resize(int region, BigInteger size) -> "setSize(r" + region + ", " + size(size) + ")";
      case Op.SetFlag(int region, Op.Flag flag, int value) -> "set" + camel(flag) + "(r" + region + ", "
          + (flag == Op.Flag.DIRTY_LOG_MASK ? Integer.toString(value) : Boolean.toString(value != 0)) + ")";
      case Op.Slide(int alias, BigInteger offset) -> "setAliasOffset(r" + alias + ", " + hex(offset) + ")";
    };
  }

  private static String camel(Op.Flag flag) {
    StringBuilder name = new StringBuilder();
    for (String word : flag.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static String size(BigInteger bytes) {
    return bytes.equals(SPACE) ? "Size.FULL" : "Size.bytes(" + hex(bytes) + ")";
  }

  private static String hex(BigInteger number) {
    return "0x" + number.toString(16) + "L";
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number) + "L";
  }
}
