package io.flatview.examples.virt64.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A console whose reader is slow, gone or never comes. */
class ConsoleOutputTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MUCH = 1 << 20;

  /** Counts what the printing thread calls. */
  private static final class Host implements ConsoleOutput.Host {

    private final Semaphore seen = new Semaphore(0);
    private final Semaphore drained = new Semaphore(0);
    private final Semaphore failed = new Semaphore(0);

    @Override
    public void seen() {
      seen.release();
    }

    @Override
    public void drained() {
      drained.release();
    }

    @Override
    public void failed(IOException cause) {
      failed.release();
    }
  }

  /** A stream that takes nothing before the gate opens. */
  private static final class Gate extends OutputStream {

    private final CountDownLatch open = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int value) throws IOException {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      synchronized (taken) {
        taken.write(value);
      }
    }
  }

  private final Host host = new Host();

  private static void print(ConsoleOutput output, String text) {
    text.chars().forEach(output::accept);
  }

  @Test
  void whatNobodyReadsIsLostAndCountedAndNobodyWaitsForIt() {
    ConsoleOutput output = new ConsoleOutput(new Gate(), null, host);
    for (int i = 0; i < MUCH; i++) {
      output.accept('x');
    }
    assertFalse(output.hasRoom());
    long lost = assertTimeout(SOON, () -> output.close(false));
    assertTrue(lost > MUCH - (80 << 10) && lost <= MUCH, () -> "lost " + lost);
  }

  @Test
  void aGuestThatWaitsForRoomIsCalledWhenThereIsSomeAgainAndLosesNothing() throws InterruptedException {
    Gate gate = new Gate();
    ConsoleOutput output = new ConsoleOutput(gate, null, host);
    int printed = 0;
    while (output.hasRoom()) {
      output.accept('x');
      printed++;
    }
    gate.open.countDown();
    assertTrue(host.drained.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, output.close(false));
    assertEquals(printed, gate.taken.size());
  }

  @Test
  void aStreamThatFailsIsToldOnceAndTheGuestGoesOn() throws InterruptedException {
    OutputStream broken = new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
    ConsoleOutput output = new ConsoleOutput(broken, null, host);
    print(output, "some");
    assertTrue(host.failed.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS));
    print(output, "more");
    assertTrue(output.hasRoom());
    assertTrue(output.close(false) >= 4);
    assertEquals(0, host.failed.availablePermits());
  }

  @Test
  void aTextIsSeenOnceAlsoIfItsBeginningComesTwice() throws InterruptedException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    ConsoleOutput output = new ConsoleOutput(stream, "aab", host);
    print(output, "a\raa\r\nb aaab aab");
    assertTrue(host.seen.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, output.close(false));
    assertEquals("a\raa\nb aaab aab", stream.toString());
    assertEquals(0, host.seen.availablePermits());
  }
}
