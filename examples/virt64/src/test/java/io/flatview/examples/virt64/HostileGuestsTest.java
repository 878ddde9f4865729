package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that mean harm: they get an error or nothing, their run ends in time, and the heap stays as it was. */
class HostileGuestsTest {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** The promise is a second; the rest is for machines that do other things as well. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  private static final long GIB = 1L << 30;
  private static final long MOST_HEAP = 8 << 20;
  private static final String RECOVERED = " needs reset 0 used 1 outcome 0";
  private static final String REFUSED = " needs reset 40 used 0 outcome ee";
  private static final String FAILED = " needs reset 0 used 1 outcome 1";

  private static final String EDU = """
      one byte in, 2^63-1 bytes 0000000000000000
      -1 bytes 0000000000000000
      one byte too many 0000000000000000
      from below 0000000000000000
      from the last address 0000000000000000
      nothing at the end 0000000000000000
      nothing behind the end 0000000000000000
      all 1122334455667788
      """;

  private static final String LOOPBACK = """
      status 0000000000000063
      then 0000000000000061
      heard 0000000000000010
      last 000000000000000f
      """;

  @TempDir
  private Path folder;

  private Path disk(long bytes) throws IOException {
    Path disk = folder.resolve("disk");
    try (FileChannel channel =
        FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      channel.write(ByteBuffer.allocate(1), bytes - 1);
    }
    return disk;
  }

  @ParameterizedTest
  @CsvSource({
    "own-alarms, epoch", "own-loopback, qsbr", "own-console, refcount", "own-endless-write, epoch",
    "own-endless-read, qsbr", "own-flushes, refcount"
  })
  void aRunWithoutEndEndsInTimeAndLeavesTheHeapFlat(String program, String flavour) throws Exception {
    BoardOptions options = Guest.options(program, 1, disk(2 * GIB), true, false);
    AtomicLong printed = new AtomicLong();
    long before = Heap.used();
    long start = System.nanoTime();
    long left;
    long paused;
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour)) {
      try (Board board = new Board(options, policy, _ -> printed.incrementAndGet())) {
        assertEquals(PowerSwitch.Reason.TIME_LIMIT, board.run(LIMIT).reason());
        long pause = System.nanoTime();
        left = Heap.used() - before;
        paused = System.nanoTime() - pause;
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start - paused);
    assertTrue(took.compareTo(LIMIT.plus(GRACE)) < 0, took::toString);
    assertTrue(left < MOST_HEAP, () -> left + " bytes of heap are held");
    assertTrue(printed.get() > 0 || program.equals("own-alarms"), "nothing happened");
  }

  private static void assertPrints(String expected, String program) throws InterruptedException {
    Guest.Result result = Guest.runFor(Guest.options(program, 1, null, true, false), "epoch", LIMIT);
    assertNull(result.end().failure());
    assertEquals(expected, result.output());
  }

  @Test
  void copiesThatReachOutOfABufferAreIgnored() throws InterruptedException {
    assertPrints(EDU, "own-edu");
  }

  @Test
  void aPortThatHearsItselfHasAFifoOf16() throws InterruptedException {
    assertPrints(LOOPBACK, "own-loopback");
  }

  /** Each attack with what came of it and of the good read after it, in a line. */
  private List<String> attacks(String program, long diskBytes) throws Exception {
    BoardOptions options = Guest.options(program, 1, disk(diskBytes), true, false);
    Guest.Result result = Guest.runFor(options, "qsbr", Duration.ofSeconds(60));
    assertNull(result.end().failure());
    assertEquals(PowerSwitch.Reason.OFF, result.end().reason(), result.output());
    return List.of(result.output()
        .replaceAll("\n  ", " ").replaceAll(" 0{1,15}", " ").strip().split("\n"));
  }

  @Test
  void aQueueThatIsNoneNeedsAResetAndThenTheDiskServesAgain() throws Exception {
    List<String> attacks = attacks("own-queues", 1 << 20);
    assertEquals(10, attacks.size());
    attacks.forEach(attack -> assertTrue(attack.endsWith(REFUSED + RECOVERED), attack));
  }

  @Test
  void aBufferOfGigabytesIsReadInPieces() throws Exception {
    List<String> attacks = attacks("own-huge", 2 * GIB);
    assertEquals(
        List.of(
            "2 GiB less a byte" + FAILED + RECOVERED,
            "2 GiB less a sector" + REFUSED + RECOVERED,
            "4 GiB less a sector" + FAILED + RECOVERED),
        attacks);
  }
}
