package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.Dumps;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One clean map, and the forms in which people log, paste and mail such a text. */
final class Forms {

  /** A form of the clean map, which must be read as that. */
  record Form(String name, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final String CLEAN = Dumps.read(Dumps.folder("captures").resolve("riscv-virt.mtree.txt"));

  private static final List<String> LINES = CLEAN.lines().toList();
  private static final String HEAD = "QEMU 7.2.22 monitor - type 'help' for more information\n(qemu) ";
  private static final String SESSION = HEAD + "info mtree\n" + CLEAN + "(qemu) quit\n";

  private Forms() {}

  static Stream<Form> all() {
    List<Form> all = new ArrayList<>();
    sessions(all);
    layouts(all);
    prefixes(all);
    documents(all);
    remarks(all);
    encodings(all);
    wrapped(all);
    return all.stream();
  }

  private static void sessions(List<Form> all) {
    put(all, "on a pipe", HEAD.replace("\n", "\r\n") + typed("info mtree") + "\r\n" + CLEAN.replace("\n", "\r\n")
        + "(qemu) " + typed("quit") + "\r\n");
    put(all, "on a terminal", SESSION);
    put(all, "with other commands and warnings", "VNC server running on 127.0.0.1:5900\n(qemu) info version\n7.2.22\n"
        + "(qemu) info mtree\n" + CLEAN + "(qemu) info registers\npc 0000000000001000\n");
    put(all, "typescript", "Script started on 2026-11-29\r\n$ qemu\r\n\u001b]0;user@host\u0007\u001b[?2004h"
        + SESSION.replace("\n", "\r\n") + "Script done\r\n");
    put(all, "twice", SESSION + SESSION.replace("serial", "another"));
    put(all, "with views behind", SESSION.replace("(qemu) quit", "(qemu) info mtree -f\nFlatView #0\n AS \"a\","
        + " root: r\n Root memory region: r\n  0000000000000000-0000000000000fff (prio 0, ram): r\n\n(qemu) quit"));
    put(all, "with views before", HEAD + "info mtree -f\nFlatView #0\n AS \"a\", root: r\n Root memory region: r\n"
        + "  0000000000000000-0000000000000fff (prio 0, ram): r\n\n" + SESSION);
    put(all, "with a warning inside", CLEAN.replaceFirst("    0000000010000000", "[   12.3] random: crng\n$0"));
    put(all, "virsh", "# virsh qemu-monitor-command --hmp vm 'info mtree'\n" + CLEAN + "\n\n#\n");
  }

  private static void layouts(List<Form> all) {
    put(all, "clean", CLEAN);
    put(all, "CR LF", CLEAN.replace("\n", "\r\n"));
    put(all, "CR CR LF", CLEAN.replace("\n", "\r\r\n"));
    put(all, "CR", CLEAN.replace("\n", "\r"));
    put(all, "double-spaced", CLEAN.replace("\n", "\n\n"));
    put(all, "no empty lines", LINES.stream().filter(line -> !line.isEmpty()).collect(Collectors.joining("\n")));
    put(all, "no last line feed", CLEAN.strip());
    put(all, "trailing blanks", each(line -> line + " ".repeat(Math.max(0, 100 - line.length()))));
    put(all, "indented", each(line -> "    " + line));
    put(all, "indented by a tab", each(line -> "\t" + line));
    put(all, "tabs for blanks", each(line -> line.replaceFirst("^ {8}", "\t")));
    put(all, "no-break spaces", each(line -> "\u00a0".repeat(blanks(line)) + line.stripLeading()));
    put(all, "not indented", each(String::strip));
    put(all, "dashes", each(line -> line.replaceAll("([0-9a-f]{16})-", "$1\u2013")));
    put(all, "characters without width", each(line -> line.replace("-", "\u200b-")));
    put(all, "upper case", each(line -> line.matches(" .*") ? upper(line) : line));
    put(all, "colour", each(line -> "\u001b[32m" + line + "\u001b[0m"));
    put(all, "type container", each(line -> line.startsWith("  0")
        ? line.replace("i/o): system", "container): system").replace("i/o): bus master", "container): bus master")
        : line));
  }

  private static void prefixes(List<Form> all) {
    for (String mark : List.of("> ", ">>> ", ">\t", "# ", "// ", " * ", " ", "| ", "2026-11-29T10:00:00Z stdout F ",
        "[2026-11-29T10:00:00.123Z] ", "Nov 29 10:00:00 host qemu[4711]: ", "INFO qemu-7: ")) {
      put(all, "behind '" + mark + "'", each(line -> mark + line));
      put(all, "behind '" + mark + "', stripped", each(line -> (mark + line).stripTrailing()));
    }
    put(all, "diff", "--- a/map\n+++ b/map\n@@ -1,9 +1,9 @@\n" + each(line -> line.contains("serial")
        ? "-" + line.replace("serial", "uart") + "\n+" + line : " " + line));
    put(all, "added by a diff", "+++ b/map\n" + each(line -> "+" + line));
    put(all, "numbered", numbered("%4d  %s\n"));
    put(all, "cat -n", numbered("%6d\t%s\n"));
    put(all, "grep -n", numbered("%d:%s\n"));
    put(all, "grep -n, with the file", numbered("map.txt:%d:%s\n"));
    put(all, "times", numbered("[12:00:%02d] %s\n"));
  }

  private static void documents(List<Form> all) {
    put(all, "prose around", "Hi all,\n\nthis is what I get:\n\n" + CLEAN + "\nAny idea?\n\nThanks\n");
    put(all, "prose at once", "this is my map\n" + CLEAN + "what now?\n");
    put(all, "prose that shows lines", "See 0000000010000000-0000000010000007 (prio 0, i/o): serial, and the heading"
        + " address-space: memory of it.\n\n" + CLEAN);
    put(all, "Markdown", "```\n" + CLEAN + "```\n");
    put(all, "Markdown in a list", "1. The map:\n\n" + each(line -> "   " + line));
    put(all, "Markdown in one line", "```" + CLEAN + "```");
    put(all, "Jira", "{noformat}" + CLEAN + "{noformat}\n");
    put(all, "YAML", "map: |\n" + each(line -> "  " + line));
    put(all, "HTML", "<pre>" + html(CLEAN) + "</pre>\n");
    put(all, "HTML with breaks", "<p>" + html(CLEAN).replace("\n", "<br/>").replace(" ", "&nbsp;") + "</p>");
    put(all, "HTML with spans",
        "<div><pre>" + each(line -> "<span id=\"L1\">" + html(line) + "</span>") + "</pre></div>");
    put(all, "mail", quotedPrintable(CLEAN));
    put(all, "mail with CR", quotedPrintable(CLEAN).replace("\n", "=0D\n"));
    put(all, "mail that quotes", quotedPrintable(each(line -> "> " + line)));
    put(all, "mail, quoted",
        quotedPrintable(CLEAN).lines().map(line -> "> " + line + "\n").collect(Collectors.joining()));
    put(all, "mail with HTML", quotedPrintable("<html><pre>" + html(CLEAN) + "</pre></html>"));
    put(all, "mail in base64", "Content-Transfer-Encoding: base64\n\n"
        + Base64.getMimeEncoder().encodeToString(CLEAN.getBytes(StandardCharsets.UTF_8)));
    put(all, "QMP", json("return", CLEAN.replace("\n", "\r\n")) + "\n");
    put(all, "QMP session", "{\"QMP\": {\"version\": {}}}\r\n{\"return\": {}}\r\n{\"event\": \"RESUME\"}\r\n"
        + json("return", CLEAN.replace("\n", "\r\n")) + "\r\n");
    put(all, "QMP, printed by Python", "{u'return': u'" + CLEAN.replace("\n", "\\r\\n") + "'}");
    put(all, "container's log", each(line -> json("log", line + "\n")));
  }

  private static void remarks(List<Form> all) {
    for (String remark : List.of("   # here", " # here", "    <-- the uart", " <-- the uart", "  // this one")) {
      put(all, "remark '" + remark + "'", each(line -> line.contains("serial") ? line + remark : line));
    }
    for (String remark : List.of("   # here", " # here", " the ecam", " !!!", "\u2502", " |")) {
      put(all, "alias and '" + remark + "'", each(line -> line.contains("alias") ? line + remark : line));
    }
    put(all, "box", each(line -> "\u2502 " + line + " ".repeat(Math.max(0, 126 - line.length())) + "\u2502"));
    put(all, "table", each(line -> "| " + line + " ".repeat(Math.max(0, 126 - line.length())) + " |"));
  }

  private static void encodings(List<Form> all) {
    put(all, "UTF-8 with a mark", "\ufeff" + CLEAN);
    put(all, "UTF-16", ("\ufeff" + CLEAN).getBytes(StandardCharsets.UTF_16LE));
    put(all, "UTF-16, the other order", ("\ufeff" + CLEAN).getBytes(StandardCharsets.UTF_16BE));
    put(all, "UTF-16 without a mark", CLEAN.getBytes(StandardCharsets.UTF_16LE));
    put(all, "windows-1252",
        ("# \u201eKarte\u201c f\u00fcr den Bericht\n" + CLEAN).getBytes(Charset.forName("windows-1252")));
  }

  private static void wrapped(List<Form> all) {
    for (int width : new int[] {40, 50, 60, 64, 70, 72, 76, 80, 100}) {
      put(all, "wrapped at " + width, CLEAN.lines().map(line -> soft(line, width)).collect(Collectors.joining()));
      put(all, "broken at " + width, CLEAN.lines().map(line -> hard(line, width)).collect(Collectors.joining()));
      put(all, "wrapped at " + width + ", quoted", SESSION.lines().map(line -> soft(line, width))
          .collect(Collectors.joining()).lines().map(line -> "> " + line + "\n").collect(Collectors.joining()));
    }
  }

  private static void put(List<Form> all, String name, String text) {
    put(all, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void put(List<Form> all, String name, byte[] bytes) {
    all.add(new Form(name, bytes));
  }

  private static String each(UnaryOperator<String> change) {
    return LINES.stream().map(line -> change.apply(line) + "\n").collect(Collectors.joining());
  }

  private static String numbered(String format) {
    return IntStream.range(0, LINES.size()).mapToObj(i -> format.formatted(i + 1, LINES.get(i)))
        .collect(Collectors.joining());
  }

  private static int blanks(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static String upper(String line) {
    int name = line.indexOf("(prio");
    return line.substring(0, name).toUpperCase(Locale.ROOT) + line.substring(name);
  }

  private static String html(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String json(String member, String text) {
    return "{\"" + member + "\": \"" + text.replace("\r", "\\r").replace("\n", "\\n") + "\", \"stream\": \"stdout\"}";
  }

  /** What QEMU's line editor prints while a command arrives on a pipe. */
  private static String typed(String command) {
    Function<Integer, String> step =
        n -> "\u001b[D".repeat(n) + command.substring(0, n + 1) + "\u001b[K";
    return IntStream.range(0, command.length()).boxed().map(step).collect(Collectors.joining());
  }

  private static String quotedPrintable(String text) {
    return text.lines().map(line -> line.replace("=", "=3D")).map(Forms::softBreaks).collect(Collectors.joining());
  }

  private static String softBreaks(String line) {
    return line.length() <= 76 ? line + "\n" : line.substring(0, 75) + "=\n" + softBreaks(line.substring(75));
  }

  /** As mail programs do: at a blank, which is lost. */
  private static String soft(String line, int width) {
    int cut = line.lastIndexOf(' ', width - 1);
    return line.length() <= width ? line + "\n"
        : cut > blanks(line) ? line.substring(0, cut) + "\n" + soft(line.substring(cut + 1), width)
        : line.substring(0, width) + "\n" + soft(line.substring(width), width);
  }

  /** As terminals do: wherever the line is full. */
  private static String hard(String line, int width) {
    return line.length() <= width ? line + "\n"
        : line.substring(0, width) + "\n" + hard(line.substring(width), width);
  }
}
