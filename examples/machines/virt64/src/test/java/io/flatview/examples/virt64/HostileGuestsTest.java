package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.console.ConsoleOutput;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.load.Program;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that mean harm: they get an error or nothing, their run ends in time, and the heap stays as it was. */
class HostileGuestsTest {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** For what takes less than a second where the host is not held up; a run that is not ended lasts for ever. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration LONGEST = Duration.ofSeconds(120);

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
    Duration limit = LIMIT;
    while (!runs(program, flavour, limit) && !program.equals("own-alarms")) {
      limit = limit.multipliedBy(4);
      assertTrue(limit.compareTo(GRACE) < 0, "nothing happens");
    }
  }

  /** Runs a program that does not end; says whether it has printed something, for which a busy host may need longer. */
  private boolean runs(String program, String flavour, Duration limit) throws Exception {
    BoardOptions options = Guest.options(program, 1, disk(2 * GIB), true, false);
    AtomicLong printed = new AtomicLong();
    long before = Heap.used();
    long start = System.nanoTime();
    long left;
    long paused;
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour)) {
      try (Board board = new Board(options, policy, _ -> printed.incrementAndGet())) {
        assertEquals(PowerSwitch.Reason.TIME_LIMIT, board.run(limit).reason());
        long pause = System.nanoTime();
        left = Heap.used() - before;
        paused = System.nanoTime() - pause;
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start - paused);
    assertTrue(took.compareTo(limit.plus(GRACE)) < 0, took::toString);
    assertTrue(left < MOST_HEAP, () -> left + " bytes of heap are held");
    return printed.get() > 0;
  }

  private static void assertPrints(String expected, String program) throws InterruptedException {
    Guest.Result result = Guest.runFor(Guest.options(program, 1, null, true, false), "epoch", GRACE);
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
    Guest.Result result = Guest.runFor(options, "qsbr", LONGEST);
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

  /** A stream that needs a moment for each piece. */
  private static final class SlowStream extends OutputStream {

    private long taken;

    @Override
    public void write(int value) {
      taken++;
    }

    @Override
    public void flush() {
      LockSupport.parkNanos(200_000);
    }
  }

  /** Moves a board's transmitter on when there is room, and nothing else. */
  private static final class Host implements ConsoleOutput.Host {

    private volatile Board board;

    @Override
    public void seen() {
      throw new AssertionError("nothing was expected");
    }

    @Override
    public void drained() {
      board.transmit();
    }

    @Override
    public void failed(IOException cause) {
      throw new AssertionError(cause);
    }
  }

  @Test
  void aGuestThatLooksForRoomLosesNothingOnASlowConsole() throws Exception {
    SlowStream stream = new SlowStream();
    Host host = new Host();
    ConsoleOutput output = new ConsoleOutput(stream, null, host);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        Board board = new Board(Guest.options("own-polite-console", 1, null, true, false), policy, output)) {
      host.board = board;
      assertEquals(PowerSwitch.Reason.OFF, board.run(LONGEST).reason());
      assertEquals(0, output.close(false));
    }
    assertEquals(1_000_000, stream.taken);
  }

  @Test
  void aBoardThatIsRefusedLeavesNothing() throws Exception {
    Program big = Program.of("big", new byte[1 << 20], BoardOptions.DRAM + (32 << 20));
    BoardOptions options = new BoardOptions(1, 32 << 20, null, big, null, disk(GIB), "", true, true);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      assertThrows(LoadException.class, () -> new Board(options, policy, _ -> { }));
      policy.barrier();
      assertEquals(policy.statistics().retired(), policy.statistics().reclaimed());
    }
    assertTrue(DeviceThreads.endWithin(GRACE), "a thread is left behind");
  }
}
