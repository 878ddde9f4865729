package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.PrintableText;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * A line of a region or of a range, taken apart.
 *
 * @param line the number of the line, from 1
 * @param blanks how far it is indented
 * @param first its first address, with 16 digits
 * @param last its last one
 * @param priority the priority as written
 * @param type as written, with its mark
 * @param body the text behind the type
 */
record RegionLine(int line, int blanks, String first, String last, String priority, String type, String body) {

  private static final Set<String> TYPES = Set.of("i/o", "ram", "rom", "romd", "ramd", "container");
  private static final Set<String> OLD_TYPES = Set.of("RW", "R-", "-W", "--");
  private static final String MARK = "nv-";

  /** Takes a line apart; null if it is none. */
  static RegionLine of(Line line, Notes notes) {
    Matcher head = MapLine.HEAD.matcher(line.text());
    if (!head.lookingAt()) {
      return null;
    }
    String first = Addresses.wide(head.group(1));
    String last = Addresses.wide(head.group(2));
    String mark = head.group(4) == null ? "" : MARK;
    return new RegionLine(line.number(), MapLine.blanks(line.text()), first, last, head.group(3),
        mark + known(head.group(5), line.number(), notes), line.text().substring(head.end()));
  }

  private static String known(String type, int line, Notes notes) {
    if (OLD_TYPES.contains(type)) {
      notes.add(line, "QEMU before 2.9 does not tell what answers: RW is taken for registers, R- for ROM");
    } else if (!TYPES.contains(type)) {
      notes.add(line, "'" + PrintableText.of(type) + "' is no type of region that is known; taken for i/o");
      return "i/o";
    }
    return type;
  }

  /** Whether the type is of a QEMU before 2.9. */
  boolean isOld() {
    return OLD_TYPES.contains(type);
  }

  /** The name of the region, if it is no alias, as far as the body tells. */
  boolean isNamed(String name) {
    return body.equals(name) || body.startsWith(name + " ");
  }

  /** The name of the region or the alias. */
  String name() {
    AliasBody alias = AliasBody.of(body, first, last, Set.of());
    return alias == null ? LineTail.of(body).body() : alias.name();
  }

  /** Whether the line cannot be whole. */
  boolean isIncomplete() {
    return AliasBody.lacksWindow(body) || body.lastIndexOf(":{") > body.lastIndexOf('}');
  }

  /** Whether a region could contain another, as far as types and addresses tell. */
  boolean holds(RegionLine other) {
    return (type.equals("i/o") || type.equals("container") || isOld()) && !body.startsWith("alias ")
        && Long.compareUnsigned(Addresses.value(first), Addresses.value(other.first)) <= 0
        && Long.compareUnsigned(Addresses.value(other.last), Addresses.value(last)) <= 0;
  }

  RegionLine withBlanks(int other) {
    return new RegionLine(line, other, first, last, priority, type, body);
  }

  RegionLine withBody(String other) {
    return new RegionLine(line, blanks, first, last, priority, type, other);
  }

  /** The same lines lower by so much; an address below 0 wraps. */
  RegionLine lowered(long by) {
    return new RegionLine(line, blanks, AddressRange.hex(Addresses.value(first) - by),
        AddressRange.hex(Addresses.value(last) - by), priority, type, body);
  }

  /** The line as QEMU prints it, at a depth of 1 for a root. */
  Line at(int depth) {
    String indentation = " ".repeat(2 * depth);
    return new Line(line, indentation + first + "-" + last + " (prio " + priority + ", " + type + "): " + body);
  }
}
