package io.flatview.rcu.spi;

import io.flatview.rcu.GracePeriod;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A grace period of an engine, known by its number. */
record Token(ReclaimEngine engine, long target) implements GracePeriod {

  @Override
  public boolean poll() {
    return engine.hasEnded(target);
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    return engine.await(target, timeout);
  }

  @Override
  public CompletionStage<Void> stage() {
    return engine.stage(target);
  }
}
