package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread is stopped in the midst of an entry while another takes its reader over. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TakeOverTest {

  private final Stopping flavour = new Stopping();

  /** Marks its slot late, if it is set to: after the engine has looked which thread enters. */
  private static final class Stopping implements Flavour {

    private final EpochCounter epoch = new EpochCounter();
    volatile CountDownLatch arrived;
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public String name() {
      return "stopping";
    }

    @Override
    public SlotReader newReader(Registration registration) {
      return new SlotReader(registration, SlotReader.Exit.CLEAR) {
        @Override
        protected void open(Slot own) {
          stop();
          setSlotOpaque(own, epoch);
        }
      };
    }

    private void stop() {
      CountDownLatch waiting = arrived;
      if (waiting != null) {
        arrived = null;
        waiting.countDown();
        try {
          goOn.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public Scan begin(List<SlotReader> readers) {
      return epoch.begin(readers);
    }
  }

  /** A finds the reader free and is delayed; B enters; A marks its slot and is refused. Forbidden: B's mark is gone. */
  @Test
  void anEntryThatComesLateTakesNothingFromTheThreadThatTookOver() throws Exception {
    try (ReclaimEngine policy = new ReclaimEngine(flavour); Reader reader = policy.register("shared")) {
      CompletableFuture<Void> late = delayedEntry(reader);
      ReadSection outer = reader.enter();
      ReadSection inner = reader.enter();
      flavour.goOn.countDown();
      assertThrows(CompletionException.class, late::join);
      inner.close();
      assertTrue(reader.inSection());
      outer.close();
      assertFalse(reader.inSection());
    }
  }

  /** The same, but B has left when A marks its slot: A gets the reader back, and its section is the only one. */
  @Test
  void anEntryThatComesLateIsMadeAgainIfTheOtherThreadHasLeft() throws Exception {
    try (ReclaimEngine policy = new ReclaimEngine(flavour); Reader reader = policy.register("shared")) {
      CompletableFuture<Void> late = delayedEntry(reader);
      reader.enter().close();
      flavour.goOn.countDown();
      late.join();
      assertFalse(reader.inSection());
    }
  }

  /** The same, but B has closed the reader: A does not bring it back to life. */
  @Test
  void anEntryThatComesLateDoesNotOpenAReaderThatWasClosed() throws Exception {
    try (ReclaimEngine policy = new ReclaimEngine(flavour)) {
      Reader reader = policy.register("shared");
      CompletableFuture<Void> late = delayedEntry(reader);
      reader.close();
      flavour.goOn.countDown();
      assertThrows(CompletionException.class, late::join);
      assertThrows(IllegalStateException.class, reader::enter);
      assertEquals(0, policy.statistics().readers());
    }
  }

  /** Enters and leaves in another thread, which is the reader's user and has found it free. */
  private CompletableFuture<Void> delayedEntry(Reader reader) throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    CompletableFuture<Void> entry = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try {
        reader.enter().close();
        flavour.arrived = arrived;
        reader.enter().close();
        entry.complete(null);
      } catch (Throwable e) {
        entry.completeExceptionally(e);
      }
    });
    assertTrue(arrived.await(30, TimeUnit.SECONDS));
    return entry;
  }
}
