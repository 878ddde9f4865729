package io.flatview.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A device's thread outlives its failures, and ends when it is to. */
class DeviceThreadTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** What the thread's reader is asked, in order, but for loads. */
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /** The number of sections that are open. */
  private final AtomicInteger sections = new AtomicInteger();

  private final ReadSection section = sections::decrementAndGet;

  private final MapReader reader = proxy(MapReader.class, (_, method, _) -> switch (method.getName()) {
    case "load" -> 5L;
    case "lastResult" -> MemTxResult.OK;
    case "enter" -> {
      sections.incrementAndGet();
      yield section;
    }
    case "quiescent", "offline", "close" -> {
      if (sections.get() != 0) {
        throw new IllegalStateException("inside a section");
      }
      calls.add(method.getName());
      yield null;
    }
    default -> {
      calls.add(method.getName());
      yield null;
    }
  });

  private final MemorySystem memory = proxy(MemorySystem.class, (_, _, _) -> reader);
  private final AddressSpace space = proxy(AddressSpace.class, (_, _, _) -> "space");
  private final Semaphore served = new Semaphore(0);
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** What a request does. */
  private interface Request {
    void serve(DmaPort port) throws Exception;
  }

  private DeviceThread thread(Request request) {
    return new DeviceThread("device", memory, space, new DeviceThread.Work() {
      @Override
      public void serve(DmaPort port) throws Exception {
        try {
          request.serve(port);
        } finally {
          served.release();
        }
      }

      @Override
      public void failed(Throwable cause) {
        failures.add(cause);
      }

      @Override
      public void ended() {
        ended.countDown();
      }
    });
  }

  private void awaitServed() throws InterruptedException {
    assertTrue(served.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void whateverARequestThrowsTheNextIsServed() throws InterruptedException {
    List<Throwable> thrown = List.of(
        new ArithmeticException("/ by zero"), new OutOfMemoryError("2 GiB"), new StackOverflowError(),
        new Exception("checked"));
    AtomicBoolean fine = new AtomicBoolean();
    int[] next = {0};
    try (DeviceThread device = thread(port -> {
      if (next[0] < thrown.size()) {
        sneak(thrown.get(next[0]++));
      }
      fine.set(port.load(0, 8) == 5);
    })) {
      for (int i = 0; i <= thrown.size(); i++) {
        device.wake();
        awaitServed();
      }
    }
    assertEquals(thrown, failures);
    assertTrue(fine.get());
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void aSectionThatARequestForgetsIsLeftAndTheNextRequestIsServed() throws InterruptedException {
    int[] next = {0};
    try (DeviceThread device = thread(port -> {
      for (int i = next[0] % 4; i > 0; i--) {
        port.enter();
      }
      if (next[0]++ == 2) {
        throw new ArithmeticException("/ by zero");
      }
    })) {
      for (int i = 0; i < 5; i++) {
        device.wake();
        awaitServed();
      }
    }
    assertEquals(0, sections.get());
    assertEquals(List.of(IllegalStateException.class, ArithmeticException.class, IllegalStateException.class,
        IllegalStateException.class), failures.stream().map(Object::getClass).toList());
    assertTrue(failures.getFirst().getMessage().contains("'device'"));
  }

  @Test
  void aThreadThatARequestInterruptsSleepsAllTheSame() throws InterruptedException {
    AtomicReference<Thread> server = new AtomicReference<>();
    try (DeviceThread device = thread(_ -> {
      server.set(Thread.currentThread());
      Thread.currentThread().interrupt();
    })) {
      device.wake();
      awaitServed();
      assertSleeps(server.get());
      device.wake();
      awaitServed();
    }
  }

  /** A thread that spins around its wait is found running at most looks. */
  private static void assertSleeps(Thread thread) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    for (int asleep = 0; asleep < 100; asleep = thread.getState() == Thread.State.WAITING ? asleep + 1 : 0) {
      assertTrue(System.nanoTime() < end, "it spins");
      Thread.sleep(1);
    }
  }

  @Test
  void aThreadThatCopiesForEverEndsAtItsNextAccess() throws Exception {
    DeviceThread device = thread(port -> {
      served.release();
      while (true) {
        port.load(0, 8);
      }
    });
    device.wake();
    awaitServed();
    assertTimeout(SOON, device::close);
    assertTrue(ended.await(SOON.toSeconds(), TimeUnit.SECONDS));
    assertEquals(List.of(), failures);
  }

  @Test
  void aThreadThatTheHostHoldsIsNotWaitedForAndIsOfflineMeanwhile() throws Exception {
    CountDownLatch host = new CountDownLatch(1);
    DeviceThread device = thread(port -> port.await(() -> {
      served.release();
      host.await();
      return true;
    }));
    device.wake();
    awaitServed();
    assertTimeout(SOON, device::close);
    assertEquals("offline", calls.getLast());
    host.countDown();
    assertTrue(ended.await(SOON.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void anAccessOfARequestThatIsAbandonedFails() throws InterruptedException {
    AtomicBoolean abandoned = new AtomicBoolean();
    DmaPort port = new DmaPort(reader, space).until(abandoned::get);
    assertEquals(5, port.load(0, 8));
    abandoned.set(true);
    assertThrows(DmaException.class, () -> port.load(0, 8));
    assertThrows(DmaException.class, () -> port.store(0, 8, 0));
    assertThrows(DmaException.class, () -> port.read(0, new byte[8], 0, 8));
    assertThrows(DmaException.class, () -> port.write(0, new byte[8], 0, 8));
  }

  @Test
  void anyNumberOfWakeUpsWaitsAsOne() throws InterruptedException {
    Semaphore begun = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    try (DeviceThread device = thread(_ -> {
      begun.release();
      go.await();
    })) {
      device.wake();
      assertTrue(begun.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS));
      for (int i = 0; i < 1000; i++) {
        device.wake();
      }
      go.countDown();
      awaitServed();
      awaitServed();
      assertFalse(served.tryAcquire(50, TimeUnit.MILLISECONDS));
    }
  }
}
