package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.ReclaimStatistics;
import io.flatview.rcu.RejectedRetireException;
import io.flatview.rcu.StallReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a policy makes of its {@link ReclaimOptions}: a bounded backlog, and reports of stalled readers. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class OptionsContract {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration STALL =
      Boolean.getBoolean("flatview.long") ? Duration.ofSeconds(30) : Duration.ofMillis(300);

  /** For subclasses. */
  protected OptionsContract() {}

  /**
   * The provider under test.
   *
   * @return a new one
   */
  protected abstract ReclaimPolicyProvider provider();

  private ReclaimPolicy bounded(long limit, BacklogPolicy backlogPolicy) {
    return provider().create(ReclaimOptions.defaults().withBacklog(limit, backlogPolicy));
  }

  private static List<Trace> retire(ReclaimPolicy policy, int count) {
    List<Trace> traces = Stream.generate(Trace::new).limit(count).toList();
    traces.forEach(policy::retire);
    return traces;
  }

  @Test
  void anActionBeyondTheLimitIsRejectedWithFigures() {
    try (ReclaimPolicy policy = bounded(5, BacklogPolicy.REJECT);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      retire(policy, 5);
      Trace refused = new Trace();
      RejectedRetireException refusal =
          assertThrows(RejectedRetireException.class, () -> policy.retire(refused));
      assertEquals(5, refusal.backlog());
      assertEquals(5, refusal.limit());
      assertEquals(1, policy.statistics().rejected());
      assertEquals(5, policy.statistics().retired());
      reader.leave();
      policy.barrier();
      retire(policy, 5);
      policy.barrier();
      assertFalse(refused.hasRun());
      assertEquals(10, policy.statistics().reclaimed());
    }
  }

  /** Each of two threads has an open bag with room to spare; forbidden: room that one holds is refused to the other. */
  @Test
  void theLimitIsExactAcrossThreads() {
    try (ReclaimPolicy policy = bounded(20, BacklogPolicy.REJECT);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy);
        Puppet a = Puppet.platform(); Puppet b = Puppet.virtual()) {
      reader.enter();
      a.tell(() -> retire(policy, 1));
      b.tell(() -> retire(policy, 1));
      a.tell(() -> retire(policy, 9));
      b.tell(() -> retire(policy, 9));
      assertThrows(RejectedRetireException.class, () -> a.tell(() -> retire(policy, 1)));
      assertThrows(RejectedRetireException.class, () -> b.tell(() -> retire(policy, 1)));
      assertEquals(20, policy.statistics().backlog());
      assertEquals(20, policy.statistics().maxBacklog());
      reader.leave();
    }
  }

  @Test
  void aRetiringThreadIsThrottledUntilThereIsRoom() {
    try (ReclaimPolicy policy = bounded(4, BacklogPolicy.THROTTLE);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> step = writer.begin(() -> retire(policy, 10));
      Await.until("the backlog is full", () -> policy.statistics().backlog() == 4);
      Await.notFor("the backlog grew beyond its limit, or the writer went on",
          () -> step.isDone() || policy.statistics().backlog() > 4);
      reader.leave();
      Puppet.result(step);
      policy.barrier();
      assertEquals(10, policy.statistics().reclaimed());
      assertTrue(policy.statistics().maxBacklog() <= 4);
    }
  }

  /** Forbidden: a thread waits for a section that only it can leave. */
  @Test
  void nobodyIsThrottledInsideItsOwnSection() {
    try (ReclaimPolicy policy = bounded(2, BacklogPolicy.THROTTLE)) {
      try (ReadSection _ = policy.currentReader().enter()) {
        retire(policy, 50);
        assertEquals(50, policy.statistics().backlog());
      }
      policy.barrier();
      assertEquals(50, policy.statistics().reclaimed());
    }
  }

  /** Forbidden: a thread is throttled while it holds a lock that the reader it waits for may want. */
  @Test
  void nobodyIsThrottledWhereWaitingIsForbidden() {
    try (ReclaimPolicy policy = bounded(2, BacklogPolicy.THROTTLE);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      try (NoWaitScope _ = policy.forbidWaiting("a listener")) {
        retire(policy, 50);
        assertEquals(50, policy.statistics().backlog());
      }
      reader.leave();
      policy.barrier();
    }
  }

  /** Forbidden: the reclaiming thread waits for room that only it can make. */
  @Test
  void anActionIsNeverThrottled() {
    try (ReclaimPolicy policy = bounded(1, BacklogPolicy.THROTTLE)) {
      policy.retire(() -> retire(policy, 50));
      Await.until("all have run", () -> policy.statistics().reclaimed() == 51);
    }
  }

  @Test
  void closingRefusesAThrottledThread() {
    ReclaimPolicy policy = bounded(1, BacklogPolicy.THROTTLE);
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> step = writer.begin(() -> retire(policy, 3));
      Await.until("the backlog is full", () -> policy.statistics().backlog() == 1);
      assertEquals(1, policy.close(SOON));
      assertThrows(IllegalStateException.class, () -> Puppet.result(step));
      assertEquals(1, policy.statistics().retired());
      reader.leave();
    }
  }

  @Test
  void aLimitThatIsReportedRefusesNothing() {
    try (ReclaimPolicy policy = bounded(1, BacklogPolicy.REPORT);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      retire(policy, 1_000);
      assertEquals(1_000, policy.statistics().backlog());
      reader.leave();
    }
  }

  /** Two readers: one stays inside, the other comes and goes. A later report names the one, and not the other. */
  @ParameterizedTest
  @EnumSource
  void aStalledReaderIsNamedAgainAndAgain(RemoteReader.Kind kind) {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    ReclaimOptions options =
        ReclaimOptions.defaults().withStallThreshold(SOON).withStallListener(reports::add);
    AtomicBoolean stop = new AtomicBoolean();
    try (ReclaimPolicy policy = provider().create(options); RemoteReader stalled = kind.of(policy);
        Puppet passing = Puppet.platform()) {
      stalled.enter();
      final Future<?> churn = passing.begin(() -> enterAndLeave(policy, stop));
      retire(policy, 3);
      try {
        Await.until("a later report names one reader", () -> namesOne(reports));
        stalled.leave();
      } finally {
        stop.set(true);
      }
      Puppet.result(churn);
      policy.barrier();
      assertNames(stalled, policy, reports.stream().skip(1).filter(OptionsContract::namesOne).findAny().orElseThrow());
      assertTrue(reports.get(1).age().compareTo(reports.get(0).age().plus(SOON)) > 0);
      assertTrue(policy.statistics().stalls() >= 2);
      assertEquals(3, policy.statistics().reclaimed());
    }
  }

  private static boolean namesOne(List<StallReport> reports) {
    return reports.stream().skip(1).anyMatch(OptionsContract::namesOne);
  }

  /** A machine may be so slow that a report comes before all has been retired. */
  private static boolean namesOne(StallReport report) {
    return report.holdouts().size() == 1 && report.backlog() == 3;
  }

  private static void enterAndLeave(ReclaimPolicy policy, AtomicBoolean stop) {
    while (!stop.get()) {
      policy.currentReader().enter().close();
    }
  }

  private static void assertNames(RemoteReader stalled, ReclaimPolicy policy, StallReport report) {
    assertEquals(policy.name(), report.policy());
    assertEquals(3, report.backlog());
    assertEquals(1, report.holdouts().size(), report::describe);
    StallReport.Holdout holdout = report.holdouts().getFirst();
    assertEquals(stalled.reader().name(), holdout.reader());
    assertTrue(holdout.thread().startsWith("puppet#"), holdout.thread());
    assertTrue(holdout.alive());
    assertTrue(report.describe().contains(holdout.reader()), report::describe);
    assertFalse(holdout.stack().isEmpty());
  }

  @Test
  void aReaderThatItsThreadLeftUnclosedIsReported() throws InterruptedException {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallListener(reports::add))) {
      endThread(() -> policy.register("left behind").enter().close());
      policy.synchronize();
      policy.synchronize();
      assertLeftBehind(reports, StallReport.Cause.ABANDONED);
      assertFalse(reports.getFirst().holdouts().getFirst().inside());
      assertEquals(0, policy.statistics().readers());
      assertEquals(0, policy.statistics().stalls());
    }
  }

  /** A reader of the other policy may be waiting for what the holder holds. */
  @Test
  void whereOnePolicyForbidsWaitingOthersRefuseToWaitAndDoNotThrottle() {
    ReclaimOptions throttling = ReclaimOptions.defaults().withBacklog(1, BacklogPolicy.THROTTLE);
    try (ReclaimPolicy one = provider().create(ReclaimOptions.defaults());
        ReclaimPolicy other = provider().create(throttling); Puppet user = Puppet.platform()) {
      Reader reader = user.ask(() -> other.register("waiting"));
      ReadSection section = user.ask(reader::enter);
      try (NoWaitScope _ = one.forbidWaiting("a listener of 'board'")) {
        IllegalStateException refused = assertThrows(IllegalStateException.class, other::synchronize);
        assertTrue(refused.getMessage().contains("a listener of 'board'"), refused.getMessage());
        assertThrows(IllegalStateException.class, other::barrier);
        assertThrows(IllegalStateException.class, () -> other.startGracePeriod().await(SOON));
        retire(other, 1000);
      }
      user.tell(section::close);
      user.tell(reader::close);
      other.synchronize();
      other.barrier();
    }
  }

  /** A thread hands its reader over: that is no reason for a report. */
  @Test
  void aReaderThatItsThreadLeftOfflineIsNotReported() throws InterruptedException {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallListener(reports::add))) {
      AtomicReference<Reader> built = new AtomicReference<>();
      endThread(() -> {
        built.set(policy.register("built"));
        built.get().offline();
      });
      policy.synchronize();
      assertEquals(0, policy.statistics().readers());
      assertEquals(List.of(), reports);
      built.get().close();
    }
  }

  /** It holds up every grace period from then on, and is reported as long as it does. */
  @Test
  void aReaderThatItsThreadLeftInsideIsReportedForEver() throws InterruptedException {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    ReclaimOptions options = ReclaimOptions.defaults().withStallThreshold(SOON).withStallListener(reports::add);
    AtomicReference<ReadSection> section = new AtomicReference<>();
    try (ReclaimPolicy policy = provider().create(options)) {
      endThread(() -> section.set(policy.register("left behind").enter()));
      Trace trace = retire(policy, 1).getFirst();
      Await.until("the stall was reported again and again", () -> policy.statistics().stalls() >= 2);
      assertFalse(trace.hasRun());
      assertEquals(1, reports.stream().filter(r -> r.cause() == StallReport.Cause.ABANDONED).count());
      reports.forEach(OptionsContract::assertNamesTheDead);
      section.get().close();
      policy.barrier();
    }
  }

  private static void assertNamesTheDead(StallReport report) {
    StallReport.Holdout holdout = report.holdouts().getFirst();
    assertEquals("left behind", holdout.reader());
    assertTrue(holdout.thread().startsWith("careless#"), holdout.thread());
    assertTrue(holdout.inside());
    assertFalse(holdout.alive());
  }

  private static void endThread(Runnable step) throws InterruptedException {
    Thread thread = Thread.ofPlatform().name("careless").start(step);
    thread.join();
  }

  /** In checked mode. The thread lives on, so that only the garbage collector can tell. */
  @Test
  void aReaderThatWasDroppedUnclosedIsReportedAndReleased() {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallListener(reports::add));
        Puppet careless = Puppet.platform()) {
      careless.tell(() -> policy.register("left behind").enter().close());
      Await.until("the reader was collected", () -> wasNoticed(policy, reports));
      assertLeftBehind(reports, StallReport.Cause.LEAKED);
      assertEquals("register", reports.getFirst().holdouts().getFirst().stack().stream()
          .map(StackTraceElement::getMethodName).filter("register"::equals).findFirst().orElseThrow());
      assertEquals(0, policy.statistics().readers());
      policy.synchronize();
    }
  }

  /** Forbidden: what the section of a dropped reader protects is freed, though its thread may be using it. */
  @Test
  void aReaderThatWasDroppedInsideASectionIsReportedAndStillProtects() {
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallListener(reports::add));
        Puppet careless = Puppet.platform()) {
      ReadSection section = careless.ask(() -> policy.register("left behind").enter());
      Await.until("the reader was collected", () -> wasNoticed(policy, reports));
      assertLeftBehind(reports, StallReport.Cause.LEAKED);
      Trace trace = retire(policy, 1).getFirst();
      Await.notFor("the action ran under an open section", trace::hasRun);
      careless.tell(section::close);
      assertEquals(1, policy.statistics().readers());
    }
  }

  private static boolean wasNoticed(ReclaimPolicy policy, List<StallReport> reports) {
    System.gc();
    policy.statistics();
    return !reports.isEmpty();
  }

  private static void assertLeftBehind(List<StallReport> reports, StallReport.Cause cause) {
    assertEquals(1, reports.size(), reports::toString);
    StallReport report = reports.getFirst();
    assertEquals(cause, report.cause());
    assertEquals("left behind", report.holdouts().getFirst().reader());
    assertFalse(report.holdouts().getFirst().stack().isEmpty());
    assertTrue(report.describe().contains("left behind"), report.describe());
  }

  /** Forbidden: the thread that runs the grace period waits for it; or a failing listener ends it. */
  @Test
  void whatAStallListenerDoesDisturbsNothing() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<ReclaimPolicy> self = new AtomicReference<>();
    ReclaimOptions options = ReclaimOptions.defaults().withStallThreshold(SOON).withStallListener(report -> {
      try {
        self.get().synchronize();
      } catch (IllegalStateException e) {
        thrown.set(e);
        throw e;
      }
    });
    try (ReclaimPolicy policy = provider().create(options);
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.virtual()) {
      self.set(policy);
      reader.enter();
      Future<?> step = writer.begin(policy::synchronize);
      Await.until("the listener was refused", () -> thrown.get() != null);
      reader.leave();
      Puppet.result(step);
      retire(policy, 1);
      policy.barrier();
    }
  }

  /** Forbidden: the end of the wait brings the reader back, and it holds up every grace period from then on. */
  @Test
  void aReaderThatAStallListenerTakesOfflineStaysOffline() {
    AtomicReference<Runnable> reaction = new AtomicReference<>(() -> {});
    ReclaimOptions options =
        ReclaimOptions.defaults().withStallThreshold(SOON).withStallListener(_ -> reaction.get().run());
    try (ReclaimPolicy policy = provider().create(options); Puppet other = Puppet.platform();
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      AtomicReference<Reader> own = new AtomicReference<>(writer.ask(() -> policy.register("the writer's own")));
      reader.enter();
      reaction.set(() -> {
        own.get().offline();
        reaction.set(() -> {});
        reader.leave();
      });
      writer.tell(policy::synchronize);
      Puppet.result(other.begin(policy::synchronize));
      writer.tell(own.get()::close);
    }
  }

  /** Forbidden: a report that cannot be made is taken for a failure of the flavour, and the policy is closed. */
  @Test
  void aStallThatCannotBeReportedDoesNotEndThePolicy() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallThreshold(SOON))) {
      Thread stalled = new Thread(() -> stay(policy, entered, leave)) {
        @Override
        public StackTraceElement[] getStackTrace() {
          asked.countDown();
          throw new UnsupportedOperationException("planted: the stack of a test's thread is secret");
        }
      };
      stalled.start();
      entered.await();
      Trace trace = retire(policy, 1).getFirst();
      asked.await();
      Await.notFor("the action ran under an open section", trace::hasRun);
      leave.countDown();
      policy.barrier();
      assertTrue(trace.hasRun());
      stalled.join();
    }
  }

  private static void stay(ReclaimPolicy policy, CountDownLatch entered, CountDownLatch leave) {
    try (ReadSection _ = policy.currentReader().enter()) {
      entered.countDown();
      leave.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The listener is called by the thread that takes statistics, which no other thread waits for. */
  @Test
  void aStallListenerIsRefusedAWaitInEveryThread() throws InterruptedException {
    AtomicReference<ReclaimPolicy> self = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (ReclaimPolicy policy = provider().create(ReclaimOptions.defaults().withStallListener(
        _ -> thrown.set(assertThrows(IllegalStateException.class, self.get()::synchronize))))) {
      self.set(policy);
      endThread(() -> policy.register("left behind"));
      policy.statistics();
      assertTrue(thrown.get().getMessage().contains("stall listener"), thrown.get()::toString);
      policy.synchronize();
    }
  }

  /** A reader stays inside while two threads retire all they can; forbidden: unbounded, lost, or run twice. */
  @Test
  void aStalledReaderPinsABoundedBacklogAndNothingIsLost() {
    int limit = 2_000;
    List<StallReport> reports = new CopyOnWriteArrayList<>();
    LongAdder ran = new LongAdder();
    AtomicBoolean stop = new AtomicBoolean();
    ReclaimOptions options = ReclaimOptions.defaults().withBacklog(limit, BacklogPolicy.THROTTLE)
        .withStallThreshold(STALL.dividedBy(4)).withStallListener(reports::add);
    try (ReclaimPolicy policy = provider().create(options);
        Puppet a = Puppet.platform(); Puppet b = Puppet.virtual();
        RemoteReader reader = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      Future<Long> first = a.start(() -> retireUntil(policy, ran, stop));
      Future<Long> second = b.start(() -> retireUntil(policy, ran, stop));
      try {
        Await.pause(STALL.toMillis());
        Await.until("the stall was reported", () -> !reports.isEmpty());
        assertTrue(policy.statistics().backlog() <= limit);
        assertEquals(0, ran.sum());
        reader.leave();
        Await.until("work goes on", () -> ran.sum() > 2 * limit);
      } finally {
        stop.set(true);
      }
      final long retired = Puppet.result(first) + Puppet.result(second);
      policy.barrier();
      assertEquals(retired, ran.sum());
      assertEquals(retired, policy.statistics().reclaimed());
      assertTrue(policy.statistics().maxBacklog() <= limit);
      assertEquals("remote", reports.getFirst().holdouts().getFirst().reader());
    }
  }

  private static long retireUntil(ReclaimPolicy policy, LongAdder ran, AtomicBoolean stop) {
    long retired = 0;
    while (!stop.get()) {
      policy.retire(ran::increment);
      retired++;
    }
    return retired;
  }

  @Test
  void statisticsTellTimesAndSizes() {
    try (ReclaimPolicy policy = provider().create()) {
      policy.synchronize();
      Await.until("a grace period was expedited", () -> isExpedited(policy));
      retire(policy, 1_000);
      policy.barrier();
      ReclaimStatistics statistics = policy.statistics();
      assertTrue(statistics.expedited() < statistics.gracePeriods());
      assertTrue(statistics.averageGracePeriod().compareTo(statistics.longestGracePeriod()) <= 0);
      assertTrue(statistics.longestGracePeriod().isPositive());
      assertTrue(statistics.maxBacklog() >= 1 && statistics.maxBacklog() <= 1_000);
      assertTrue(statistics.bags() >= 4 && statistics.bags() <= 1_000);
    }
  }

  /** The reclaiming thread may run a grace period between the request and the hurry: then the next attempt tells. */
  private static boolean isExpedited(ReclaimPolicy policy) {
    policy.synchronizeExpedited();
    return policy.statistics().expedited() >= 1;
  }
}
