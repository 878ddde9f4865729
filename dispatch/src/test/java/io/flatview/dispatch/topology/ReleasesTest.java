package io.flatview.dispatch.topology;

import io.flatview.rcu.Milestone;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stages that wait for the end of a region. */
class ReleasesTest {

  private static List<CompletableFuture<Void>> threeStages(Releases releases) {
    List<Milestone> milestones = Stream.generate(Milestone::new).limit(3).toList();
    milestones.forEach(releases::await);
    return milestones.stream().map(milestone -> milestone.stage().toCompletableFuture()).toList();
  }

  private static void assertComplete(List<CompletableFuture<Void>> stages) throws Exception {
    for (CompletableFuture<Void> stage : stages) {
      stage.get(1, TimeUnit.MINUTES);
    }
  }

  /** Ends the stages at the end of the stack, and again with more of it until no error comes. */
  private static void endInTheDeep(Releases releases) {
    try {
      endInTheDeep(releases);
    } catch (StackOverflowError _) {
      releases.end();
    }
  }

  /** Forbidden: stages never complete, as the thread that was to complete them had too little stack at first. */
  @Test
  void stagesThatCouldNotBeCompletedAreCompletedLater() throws Exception {
    Releases first = new Releases();
    List<CompletableFuture<Void>> stages = threeStages(first);
    first.end(); // or a class might be initialized without stack
    assertComplete(stages);
    Releases releases = new Releases();
    stages = threeStages(releases);
    Thread diver = new Thread(null, () -> endInTheDeep(releases), "diver", 512 << 10);
    diver.start();
    diver.join();
    assertComplete(stages);
  }
}
