package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads use one reader at a time, which is forbidden. Between any two instructions of an access another thread could
 * let go of the reader's space and generation, or translate another address with the same fields; it must be refused.
 */
@Timeout(180)
class SharedReaderTest {

  private static final int ENOUGH = 100;
  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final long RANDOM_NANOS =
      Boolean.getBoolean("flatview.long") ? TimeUnit.SECONDS.toNanos(20) : TimeUnit.MILLISECONDS.toNanos(1200);
  private static final Pattern CURE = Pattern.compile("newReader\\(\\)|give each thread a reader|must be left first"
      + "|call online\\(\\) first|try \\(ReadSection|entered by .*, and is left by|closed more often than entered");

  private final Map<Class<?>, Throwable> thrown = new ConcurrentHashMap<>();
  private final Set<String> withoutCure = ConcurrentHashMap.newKeySet();
  private final LongAdder made = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** The users in their loops. None of them ends before, or another's refusal may name a thread that has ended. */
  private final AtomicInteger running = new AtomicInteger();

  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  void threadsThatShareAReaderGetTheErrorThatSaysSo(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy);
        MapReader shared = memory.newReader("shared")) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      try (AddressSpace one = memory.addressSpace("one", system);
          AddressSpace other = memory.addressSpace("other", system)) {
        BooleanSupplier goesOn = until(NANOS);
        join(List.of(
            use(goesOn, () -> shared.load(one, 0x1000, 4)),
            use(goesOn, () -> {
              shared.load(other, 0x2000, 4);
              shared.offline();
              shared.online();
            }),
            use(goesOn, () -> {
              shared.translate(other, 0x5000, 4, Access.READ);
              shared.offline();
            })));
      }
      assertEquals(Map.of(), thrown);
      shared.online();
    }
  }

  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  void anyUseByThreadsThatShareAReaderIsMadeAloneOrRefusedWithTheCure(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      SharedMachine machine = new SharedMachine(memory);
      race(machine, untilProved(RANDOM_NANOS));
      assertEquals(Map.of(), thrown);
      assertEquals(Set.of(), withoutCure);
      assertTrue(hasProved(), () -> made + " made, " + refused + " refused: too few");
      machine.reader().online();
      machine.use(new Random(1));
      machine.reader().close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  void aThreadThatFoundTheReaderFreeIsRefusedWhileAnotherIsInATranslator(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour)) {
      SharedWalk walk = new SharedWalk();
      try (DispatchMemory memory = DispatchMemory.create(readingBy(policy, walk::delaying))) {
        assertEquals(List.of(), walk.run(memory));
        assertTrue(CURE.matcher(walk.refusal().getMessage()).find(), walk.refusal()::getMessage);
      }
    }
  }

  /** The twin of the rule above, with the reader of a policy that lets the second thread in. */
  @Test
  void aThreadThatGetsIntoAReaderBesideAnotherIsCaught() throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      SharedWalk walk = new SharedWalk();
      try (DispatchMemory memory =
          DispatchMemory.create(readingBy(policy, reader -> walk.delaying(new LooseReader(reader.name()))))) {
        assertFalse(walk.run(memory).isEmpty(), "the second thread did not get in");
      }
    }
  }

  /**
   * What a policy would be that lets a second thread in. Memory is released only when the threads have ended, so
   * nothing worse happens than what is caught. It shows only while the threads run at the same time, within seconds of
   * two processors that nothing else uses, but not within 30 of one, so it runs on request only.
   */
  @Test
  @EnabledIfSystemProperty(named = "flatview.long", matches = "true")
  void aPolicyThatLetsASecondThreadIntoAReaderIsCaught() throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      BooleanSupplier inTime = until(TimeUnit.SECONDS.toNanos(100));
      while (thrown.isEmpty() && inTime.getAsBoolean()) {
        raceOnce(readingBy(policy, reader -> new LooseReader(reader.name())));
      }
      assertFalse(thrown.isEmpty(), "nothing unplanned was thrown");
    }
  }

  /** A short race, since it may end with a reader that stays in one thread's section and refuses the others. */
  private void raceOnce(ReclaimPolicy policy) throws InterruptedException {
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      race(new SharedMachine(memory), until(TimeUnit.MILLISECONDS.toNanos(20)));
    }
  }

  private static ReclaimPolicy readingBy(ReclaimPolicy policy, UnaryOperator<Reader> readers) {
    Class<?>[] types = {ReclaimPolicy.class};
    return (ReclaimPolicy) Proxy.newProxyInstance(types[0].getClassLoader(), types, (_, method, arguments) ->
        switch (method.getName()) {
          case "register" -> readers.apply(policy.register((String) arguments[0]));
          case "requireSection" -> null;
          default -> invoke(policy, method, arguments);
        });
  }

  private static Object invoke(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Refuses nothing, and takes its time to do so. */
  private record LooseReader(String name) implements Reader {

    @Override
    public ReadSection enter() {
      Thread.yield();
      return () -> { };
    }

    @Override
    public boolean inSection() {
      return true;
    }

    @Override
    public void quiescent() {}

    @Override
    public void offline() {}

    @Override
    public void online() {}

    @Override
    public boolean leaveAbandoned(Runnable last) {
      return false;
    }

    @Override
    public void close() {}
  }

  private boolean hasProved() {
    return made.sum() > ENOUGH && refused.sum() > ENOUGH;
  }

  /** For a time, and for a minute longer on a machine so slow that nothing is proved by then. */
  private BooleanSupplier untilProved(long nanos) {
    BooleanSupplier usual = until(nanos);
    BooleanSupplier longest = until(nanos + TimeUnit.SECONDS.toNanos(60));
    return () -> usual.getAsBoolean() || !hasProved() && longest.getAsBoolean();
  }

  private static BooleanSupplier until(long nanos) {
    long end = System.nanoTime() + nanos;
    return () -> System.nanoTime() - end < 0;
  }

  private void race(SharedMachine machine, BooleanSupplier goesOn) throws InterruptedException {
    List<Thread> users = List.of(user(machine, goesOn, 1), user(machine, goesOn, 2), user(machine, goesOn, 3));
    for (int turn = 0; goesOn.getAsBoolean(); turn++) {
      machine.change(turn);
      Thread.sleep(0, 200_000);
    }
    join(users);
  }

  private Thread user(SharedMachine machine, BooleanSupplier goesOn, int seed) {
    Random random = new Random(seed);
    return use(goesOn, () -> machine.use(random));
  }

  private static void join(List<Thread> users) throws InterruptedException {
    for (Thread user : users) {
      assertTrue(user.join(Duration.ofSeconds(60)), () -> user + " does not end");
    }
  }

  private Thread use(BooleanSupplier goesOn, Runnable work) {
    running.incrementAndGet();
    return Thread.ofPlatform().daemon().start(() -> {
      while (goesOn.getAsBoolean()) {
        try {
          work.run();
          made.increment();
        } catch (IllegalStateException refusal) {
          note(refusal);
        } catch (Throwable failure) {
          thrown.putIfAbsent(failure.getClass(), failure);
        }
      }
      running.decrementAndGet();
      Await.until("the others have ended", () -> running.get() == 0);
    });
  }

  private void note(IllegalStateException refusal) {
    refused.increment();
    if (!CURE.matcher(refusal.getMessage()).find()) {
      withoutCure.add(refusal.getMessage());
    }
  }
}
