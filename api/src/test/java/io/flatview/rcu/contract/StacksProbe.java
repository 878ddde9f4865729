package io.flatview.rcu.contract;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.StallReport;
import io.flatview.rcu.spi.ReclaimEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** A program full of misuse, for a JVM of its own: prints what was reported. */
final class StacksProbe {

  private StacksProbe() {}

  public static void main(String[] args) {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound()); Reader reader = policy.register("vcpu")) {
      RcuReference<String> pointer = new RcuReference<>(policy, "target");
      enterForALook(reader).close();
      print(pointer::dereference);
      print(() -> pointer.dereference(reader));
      ReadSection section = enterForALook(reader);
      try (Puppet other = Puppet.platform()) {
        print(() -> other.tell(section::close));
      }
      section.close();
    }
    reportAStall();
  }

  private static void reportAStall() {
    CompletableFuture<StallReport> reported = new CompletableFuture<>();
    ReclaimOptions options = ReclaimOptions.defaults().withStallThreshold(Duration.ofMillis(50))
        .withStallListener(reported::complete);
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound(), options); Puppet other = Puppet.platform()) {
      Future<?> step = other.begin(() -> lingers(enterForALook(policy.currentReader()), reported));
      Await.until("the other lingers inside", () -> isLingering(other));
      policy.synchronize();
      Puppet.result(step);
    }
  }

  private static boolean isLingering(Puppet other) {
    return Stream.of(other.stack()).anyMatch(frame -> frame.getMethodName().equals("lingers"));
  }

  private static void lingers(ReadSection section, CompletableFuture<StallReport> reported) {
    StallReport.Holdout holdout = reported.join().holdouts().getFirst();
    section.close();
    System.out.println("entered " + find("enterForALook", holdout.entered()) + ", now "
        + find("lingers", holdout.stack()));
  }

  private static String find(String method, List<StackTraceElement> stack) {
    return stack.stream().map(StackTraceElement::getMethodName).filter(method::equals).findAny()
        .map("in "::concat).orElse("nowhere");
  }

  private static ReadSection enterForALook(Reader reader) {
    return reader.enter();
  }

  private static void print(Runnable misuse) {
    try {
      misuse.run();
    } catch (IllegalStateException e) {
      e.printStackTrace(System.out);
      System.out.println("reported");
    }
  }
}
