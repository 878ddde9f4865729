package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MapReader;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.contract.ForwardingReader;
import io.flatview.rcu.contract.Puppet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two threads use one reader, against its contract. The second finds the reader free and enters the policy's section
 * only when the first is in a translator. The first goes on when the second is in it, too, or is refused; the second
 * goes on when the first has made its access.
 */
final class SharedWalk {

  private static final int PAGE = 0x1000;

  private final CountDownLatch entering = new CountDownLatch(1);
  private final CountDownLatch translating = new CountDownLatch(1);
  private final CountDownLatch met = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile Thread second;
  private volatile boolean isShared;
  private Throwable refusal;

  /** The reader of a policy, whose section the second thread enters late. */
  Reader delaying(Reader reader) {
    return new Delayed(reader);
  }

  /** What the second thread was refused by; null if it was not. */
  Throwable refusal() {
    return refusal;
  }

  /** Makes the accesses, and returns their outcomes, but for those that are right: a value and a refusal. */
  List<Object> run(DispatchMemory memory) {
    AddressSpace target = memory.addressSpace("target", memory.ram("ram", Size.kib(64)));
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.kib(64),
        (address, _, _, _, entry) -> translate(target, address, entry)));
    MapReader shared = memory.newReader("shared");
    try (Puppet other = Puppet.platform()) {
      second = other.thread();
      Future<Object> late = other.start(() -> load(shared, dma, 2 * PAGE));
      await(entering);
      Object first = load(shared, dma, PAGE);
      Object beside = Puppet.result(late);
      refusal = beside instanceof IllegalStateException refused && !isShared ? refused : null;
      return Stream.of(first, beside).filter(seen -> isShared || seen != refusal && !seen.equals(0L)).toList();
    }
  }

  private Object load(MapReader shared, AddressSpace dma, long address) {
    try {
      return shared.load(dma, address, 8);
    } catch (Throwable thrown) {
      return thrown;
    } finally {
      (isSecond() ? met : done).countDown();
    }
  }

  private void translate(AddressSpace target, long address, IommuTlbEntry entry) {
    isShared |= isSecond();
    (isSecond() ? met : translating).countDown();
    await(isSecond() ? done : met);
    entry.grant(target, address & -PAGE, PAGE - 1, true, true);
  }

  private boolean isSecond() {
    return Thread.currentThread() == second;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Delayed extends ForwardingReader {

    Delayed(Reader reader) {
      super(reader);
    }

    @Override
    public ReadSection enter() {
      if (isSecond()) {
        entering.countDown();
        await(translating);
      }
      return super.enter();
    }
  }
}
