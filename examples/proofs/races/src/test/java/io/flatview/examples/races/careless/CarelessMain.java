package io.flatview.examples.races.careless;

import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The driver, in a JVM of its own: flavour, seconds, seed, and "at once" for a policy that waits for no reader. */
public final class CarelessMain {

  static final int FAULT = 3;
  static final int STUCK = 4;

  private static final int USERS = 3;
  private static final int SEQUENCES = 60;
  private static final long MOST_NANOS = 120_000_000_000L;

  private final List<Executable> members = PublicApi.members();
  private final Tally tally = new Tally();
  private final Path file;
  private volatile String stalled = "nothing";
  private final boolean atOnce;
  private final String flavour;

  private CarelessMain(String flavour, boolean atOnce) throws Exception {
    this.flavour = flavour;
    this.atOnce = atOnce;
    this.file = Files.createTempFile("careless", ".ram");
    Files.write(file, new byte[0x10000]);
    file.toFile().deleteOnExit();
  }

  /**
   * Runs for some seconds.
   *
   * @param args flavour, seconds, seed, perhaps "at-once"
   * @throws Exception if it cannot be run
   */
  public static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    CarelessMain main = new CarelessMain(args[0], args.length > 3);
    main.run(Long.parseLong(args[1]) * 1_000_000_000L, Long.parseLong(args[2]));
  }

  private void run(long nanos, long seed) throws Exception {
    long end = System.nanoTime() + nanos;
    int status = 0;
    try {
      for (long i = seed; System.nanoTime() < end && tally.faults().isEmpty(); i++) {
        machine(new Random(i));
      }
      status = tally.faults().isEmpty() ? 0 : FAULT;
    } catch (Machine.Stuck e) {
      status = STUCK;
      tally.fault("stalled by " + stalled);
    }
    System.out.println(tally);
    tally.faults().forEach(fault -> System.out.println("FAULT " + fault));
    tally.missed(members).forEach(member -> System.out.println("MISSED " + member.toGenericString()));
    System.out.flush();
    Runtime.getRuntime().halt(status);
  }

  private void machine(Random random) throws Exception {
    ReclaimPolicy policy = ReclaimPolicies.discover(flavour, ReclaimOptions.defaults()
        .withStallThreshold(Duration.ofSeconds(5)).withStallListener(report -> stalled = report.toString()));
    Machine machine = new Machine(
        atOnce ? atOnce(policy) : policy, new Pool(PublicApi.types()), file, random, random.nextInt(4) == 0);
    List<User> users = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      User user = new User(machine, members, tally, random.nextLong(), i + 1);
      users.add(user);
      threads.add(Thread.ofPlatform().daemon().name("user" + i).start(() -> use(user)));
    }
    join(users, threads);
    if (!tally.faults().isEmpty()) {
      return;
    }
    users.forEach(User::end);
    machine.end(tally);
    tally.world();
  }

  private void use(User user) {
    try {
      for (int sequence = 0; sequence < SEQUENCES; sequence++) {
        user.sequence();
      }
    } catch (Throwable e) {
      tally.fault(e + " at " + List.of(e.getStackTrace()));
    }
  }

  private void join(List<User> users, List<Thread> threads) throws InterruptedException {
    long end = System.nanoTime() + MOST_NANOS;
    for (Thread thread : threads) {
      thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      if (thread.isAlive()) {
        users.forEach(user -> tally.fault("at last " + user.present));
        threads.forEach(each -> tally.fault(each + " does not end: " + List.of(each.getStackTrace())));
        throw new Machine.Stuck("a user");
      }
    }
  }

  /** A policy that runs actions at once, whichever reader is in a section. */
  private static ReclaimPolicy atOnce(ReclaimPolicy policy) {
    return (ReclaimPolicy) Proxy.newProxyInstance(
        CarelessMain.class.getClassLoader(), new Class<?>[] {ReclaimPolicy.class}, (_, method, arguments) -> {
          if (method.getName().equals("retire")) {
            ((ReclaimAction) arguments[arguments.length - 1]).reclaim();
            return null;
          }
          try {
            return method.invoke(policy, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
