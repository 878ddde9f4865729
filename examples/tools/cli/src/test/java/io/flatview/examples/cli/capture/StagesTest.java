package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.dump.Notes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each stage undoes its own kind of damage, and leaves a text alone that has none. */
class StagesTest {

  private static final String REGION = "  0000000000001000-0000000000001fff (prio 0, ram): ram";
  private static final String ALIAS =
      "  0000000000000000-0000000000000fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff";

  private final Notes notes = new Notes();

  private String after(Stage stage, String text) {
    return stage.apply(Decoding.lines(text), notes).stream().map(line -> line.text() + "\n")
        .collect(Collectors.joining());
  }

  /** Found by the fuzzer: the window stands where the name should. */
  @Test
  void anAliasWithoutAnyNameIsNone() {
    assertNull(AliasBody.of("alias 0000000000000000-0000000000000fff @ram", "0", "fff", Set.of()));
  }

  @Test
  void noStageChangesACleanMap() {
    for (Stage stage : List.of(new QuotedPrintable(), new Markup(), new TerminalOutput(), new Spaces(),
        new LinePrefixes(), new Tabs(), new LongLines(), new Wrapping())) {
      assertEquals(Forms.CLEAN, after(stage, Forms.CLEAN), stage.getClass().getSimpleName());
    }
    assertEquals(Forms.CLEAN, MonitorReplies.open(EncodedBody.open(Forms.CLEAN), notes));
    assertTrue(notes.isEmpty());
  }

  @Test
  void quotedPrintableIsDecodedOnlyWhereItIsProved() {
    String full = "x".repeat(70);
    assertEquals(full + "y\n", after(new QuotedPrintable(), full + "=\ny"));
    assertEquals(full + "y\n", after(new QuotedPrintable(), full + "==0D\ny=0D"));
    assertEquals("a=b \u00a0\n", after(new QuotedPrintable(), "a=3Db=20=C2=A0"));
    assertEquals("owner:{dev id=x} and a=\n", after(new QuotedPrintable(), "owner:{dev id=x} and a="));
  }

  @Test
  void tagsGoAndNamesOfCharactersBecomeThese() {
    assertEquals("a <b\nc\n", after(new Markup(), "<p>a &lt;b<br>c</p>"));
    assertEquals("x <-- here\n", after(new Markup(), "x <-- here"));
    assertEquals("\u00a0-\n", after(new Markup(), "<pre>&#160;&#x2d;"));
  }

  @Test
  void aLineIsWhatATerminalWouldShow() {
    assertEquals("info\n", after(new TerminalOutput(), "i\u001b[Din\u001b[K\u001b[D\u001b[Dinfx\bo\u0007"));
    assertEquals("green\n", after(new TerminalOutput(), "\u001b[1;32mgreen\u001b[0m"));
    assertEquals("two\n", after(new TerminalOutput(), "one\rtwo\n"));
    assertEquals("x\n", after(new TerminalOutput(), "\u001b]0;title\u001b\\x"));
    assertEquals("red\n", after(new TerminalOutput(), "\u009b31mred"));
  }

  @Test
  void allBlanksAreBlankAndWhatHasNoWidthIsGone() {
    assertEquals("  a b\n", after(new Spaces(), "\u00a0\u2003a\u202f\u200bb\ufeff  "));
  }

  @Test
  void whatStandsBeforeTheLinesOfAMapIsCutOffAlsoBeforeOthers() {
    String map = "address-space: a\n" + REGION + "\n" + REGION + "\n";
    for (String prefix : List.of("> ", "12:00:01 host qemu[7]: ", "+", "7: ")) {
      String text = (map + "rest\n").lines().map(line -> prefix + line + "\n").collect(Collectors.joining());
      assertEquals(prefix.equals("+") ? (map + "rest\n").lines().map(line -> line.equals("rest") ? "rest\n" : " " + line
          + "\n").collect(Collectors.joining()) : map + "rest\n", after(new LinePrefixes(), text));
    }
  }

  @Test
  void proseThatShowsALineIsNoPrefix() {
    assertEquals("address-space: a\n" + REGION + "\n" + REGION + "\n",
        after(new LinePrefixes(), "see the" + REGION + "\naddress-space: a\n" + REGION + "\n" + REGION));
    assertFalse(notes.isEmpty());
  }

  @Test
  void tabsReachTheNextEighthColumn() {
    assertEquals("        a       b\n", after(new Tabs(), "\ta\tb"));
  }

  @Test
  void aLineIsJoinedWithItsRest() {
    for (int cut = 36; cut < ALIAS.length(); cut++) {
      String pieces = ALIAS.substring(0, cut).stripTrailing() + "\n" + ALIAS.substring(cut);
      String joined = after(new Wrapping(), pieces + "\n" + REGION);
      if (cut < ALIAS.indexOf("alias") || cut > ALIAS.indexOf('@') + 1) {
        assertEquals(ALIAS + "\n" + REGION + "\n", joined, "cut at " + cut);
      }
    }
  }

  @Test
  void whatFollowsAWholeLineIsNotItsRest() {
    String text = REGION + "\nqemu: warning\n" + ALIAS + "\nthe end\n";
    assertEquals(text, after(new Wrapping(), text));
  }

  @Test
  void aReplyIsOpenedWhereverItStands() {
    String map = "address-space: m\n" + REGION + "\n";
    String json = map.replace("\n", "\\r\\n");
    assertEquals(map.replace("\n", "\r\n"), MonitorReplies.open("{\"return\": \"" + json + "\"}", notes));
    assertEquals(map.replace("\n", "\r\n"), MonitorReplies.open("x\n{u'return': u'" + json + "'}\ny", notes));
    assertTrue(notes.isEmpty());
    assertTrue(MonitorReplies.open("{\"return\": \"" + json, notes).startsWith("address-space: m"));
    assertFalse(notes.isEmpty());
  }

  @Test
  void theEncodingIsToldFromTheBytes() {
    String text = "address-space: \u00fc\n";
    assertEquals(text, Decoding.decode("x", text.getBytes(StandardCharsets.UTF_8), notes));
    assertEquals(text, Decoding.decode("x", text.getBytes(StandardCharsets.UTF_16LE), notes));
    assertEquals(text, Decoding.decode("x", text.getBytes(StandardCharsets.UTF_16BE), notes));
    assertTrue(notes.isEmpty());
    assertEquals(text, Decoding.decode("x", text.getBytes(StandardCharsets.ISO_8859_1), notes));
    assertFalse(notes.isEmpty());
  }

  @Test
  void aRemarkEndsBehindTheNameAndNotWithinIt() {
    assertEquals("uart #2", Remarks.without("uart #2", 1, notes));
    assertEquals("bus @0x40000000 [disabled]", Remarks.without("bus @0x40000000 [disabled]", 1, notes));
    assertTrue(notes.isEmpty());
    assertEquals("uart #2", Remarks.without("uart #2 # the second", 1, notes));
    assertEquals("serial", Remarks.without("serial   the console", 1, notes));
    assertEquals(" owner:{dev id=x}", Remarks.ofAlias(" owner:{dev id=x} KVM", 1, new Notes()));
    assertEquals(" [disabled]", Remarks.ofAlias(" [disabled]  # off", 1, notes));
  }
}
