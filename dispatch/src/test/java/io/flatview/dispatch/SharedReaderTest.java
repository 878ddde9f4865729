package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three threads use one reader at a time, which is forbidden: one loads, one loads and goes offline, one translates.
 * Between any two instructions of a lookup another thread may have let go of the reader's space and generation.
 */
@Timeout(60)
class SharedReaderTest {

  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  private final Map<Class<?>, Throwable> thrown = new ConcurrentHashMap<>();

  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  void threadsThatShareAReaderGetTheErrorThatSaysSo(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy);
        MapReader shared = memory.newReader("shared")) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      try (AddressSpace one = memory.addressSpace("one", system);
          AddressSpace other = memory.addressSpace("other", system)) {
        Thread[] users = {
            use(() -> shared.load(one, 0x1000, 4)),
            use(() -> {
              shared.load(other, 0x2000, 4);
              shared.offline();
              shared.online();
            }),
            use(() -> {
              shared.translate(other, 0x5000, 4, Access.READ);
              shared.offline();
            })};
        for (Thread user : users) {
          user.join(Duration.ofSeconds(30));
        }
      }
      thrown.remove(IllegalStateException.class);
      assertEquals(Set.of(), Set.copyOf(thrown.values()));
      shared.online();
    }
  }

  private Thread use(Runnable work) {
    long end = System.nanoTime() + NANOS;
    return Thread.ofPlatform().daemon().start(() -> {
      while (System.nanoTime() - end < 0) {
        try {
          work.run();
        } catch (Throwable failure) {
          thrown.putIfAbsent(failure.getClass(), failure);
        }
      }
    });
  }
}
