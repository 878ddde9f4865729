package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.Dumps;
import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Effort;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.machine.LoadedMachine;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.CpuTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Dumps, views, models and all forms of captures with blows to their bytes, lines and blocks, several at once. Each is
 * read and printed, or refused with the documented exception, soon and in little memory.
 */
class CaptureFuzzTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");
  private static final Duration QUICK = Duration.ofSeconds(8);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final int LARGEST = 1 << 20;

  /** CPU time, so that a busy machine does not count. The build's own run is short and starts cold. */
  private static final double MOST_SECONDS = LONG ? 1 : 3;

  private static final String[] WORDS = {
      "address-space: ", "memory-region: ", "FlatView #0\n", " AS \"x\", root: y\n", " (prio 0, ram): ", "alias a @b ",
      "0000000000000000-ffffffffffffffff", "(qemu) ", "=\n", "=3D", "&lt;", "<br>", "\u001b[2K", "\r", "\t", "> ", "+",
      "-", " [disabled]", " owner:{dev id=x}", "\u00a0", "\ufeff", "{\"return\": \"", "\\r\\n", "...", "\n\n", "RW",
      "R\t9\t", "\0"};

  private final List<byte[]> seeds = new ArrayList<>();

  CaptureFuzzTest() {
    Dumps.endingWith(".txt").forEach(file -> seeds.add(bytes(file)));
    Forms.all().forEach(form -> seeds.add(form.bytes()));
  }

  private static byte[] bytes(Path file) {
    return Dumps.read(file).getBytes(StandardCharsets.UTF_8);
  }

  @AfterEach
  void forgetLimit() {
    System.clearProperty("flatview.view.limit");
  }

  /** Reads a text and shows its machine, as the commands do. */
  static void readAndShow(byte[] text, ReclaimPolicy policy) {
    Notes notes = new Notes();
    LoadedMachine machine = MachineLoader.read("fuzz", text, notes);
    notes.of("fuzz");
    try (MachineHost host = MachineHost.open("fuzz", machine.description(), policy)) {
      host.inspect().tree();
      host.inspect().flatViews();
      host.inspect().json();
      host.machine().spaces().forEach(space -> host.inspect().text(space.explain(0x1000)));
    }
  }

  /** Fuzzes a reader for some time; the outcome tells how many texts were read and how many refused. */
  private long[] fuzz(long seed, Duration time, Consumer<byte[]> reader) {
    Random random = new Random(seed);
    long start = System.nanoTime();
    long[] counts = new long[2];
    while (goesOn(System.nanoTime() - start, time, counts)) {
      long round = random.nextLong();
      byte[] text = damaged(new Random(round));
      counts[isRead(text, reader, seed + "/" + round) ? 0 : 1]++;
    }
    return counts;
  }

  /** A busy machine reads few texts in the time: then it gets more. */
  private static boolean goesOn(long elapsed, Duration time, long[] counts) {
    return elapsed < time.toNanos() || !areEnough(counts) && elapsed < time.plus(PATIENCE).toNanos();
  }

  private static boolean areEnough(long[] counts) {
    return counts[0] > 20 && counts[1] > 0;
  }

  private static boolean isRead(byte[] text, Consumer<byte[]> reader, String round) {
    long before = CpuTime.here();
    boolean read;
    try {
      reader.accept(text);
      read = true;
    } catch (DumpException e) {
      read = false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("round " + round + ": " + new String(text, StandardCharsets.UTF_8), e);
    }
    double seconds = (CpuTime.here() - before) / 1e9;
    assertTrue(seconds < MOST_SECONDS,
        () -> "round " + round + " took " + seconds + " s for " + text.length + " bytes");
    return read;
  }

  private byte[] damaged(Random random) {
    StringBuilder text =
        new StringBuilder(new String(seeds.get(random.nextInt(seeds.size())), StandardCharsets.ISO_8859_1));
    for (int blow = random.nextInt(6); blow >= 0 && !text.isEmpty(); blow--) {
      damage(text, random);
    }
    text.setLength(Math.min(text.length(), LARGEST));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void damage(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 20 : 2_000));
    switch (random.nextInt(9)) {
      case 0 -> text.setCharAt(at, (char) random.nextInt(256));
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(20)));
      case 3 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
      case 4 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
      case 5 -> text.setLength(at);
      case 6 -> replaceAll(text, random);
      case 7 -> number(text, at, random);
      default -> text.insert(at, new String(seeds.get(random.nextInt(seeds.size())), StandardCharsets.ISO_8859_1));
    }
  }

  private static void replaceAll(StringBuilder text, Random random) {
    String word = WORDS[random.nextInt(WORDS.length)];
    String other = WORDS[random.nextInt(WORDS.length)];
    String changed = text.toString().replace(word, other);
    text.setLength(0);
    text.append(changed, 0, Math.min(changed.length(), LARGEST));
  }

  /** Another digit at the next place that has one. */
  private static void number(StringBuilder text, int at, Random random) {
    for (int i = at; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) >= 0) {
        text.setCharAt(i, Character.forDigit(random.nextInt(16), 16));
        return;
      }
    }
  }

  @Test
  void everyTextIsReadOrRefusedAsDocumented() {
    Effort.limit(Effort.DEFAULT);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      long[] counts = fuzz(LONG ? System.nanoTime() : 1, LONG ? TEN_MINUTES : QUICK, text -> readAndShow(text, policy));
      System.out.println("fuzz: " + counts[0] + " texts read, " + counts[1] + " refused");
      assertTrue(areEnough(counts), counts[0] + " read, " + counts[1] + " refused");
    }
  }

  /** The broken twin: a reader that trusts the text. */
  @Test
  void aReaderThatTrustsTheTextIsCaught() {
    AssertionError caught = assertThrows(AssertionError.class, () -> fuzz(2, Duration.ofMinutes(1), text -> {
      String all = new String(text, StandardCharsets.UTF_8);
      int at = all.indexOf("(prio ");
      if (at >= 0) {
        Integer.parseInt(all.substring(at + 6, all.indexOf(',', at)));
      }
    }));
    assertTrue(caught.getMessage().startsWith("round 2/"), caught.getMessage());
    assertInstanceOf(RuntimeException.class, caught.getCause());
  }
}
