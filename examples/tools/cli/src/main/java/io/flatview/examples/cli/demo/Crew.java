package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.churn.WriterLoop;
import io.flatview.examples.cli.demo.read.ReaderLoop;
import io.flatview.examples.cli.demo.read.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The threads of a demo: the readers and the writer. */
final class Crew {

  private final List<ReaderLoop> readers;
  private final WriterLoop writer;
  private final List<Thread> threads = new ArrayList<>();

  Crew(List<ReaderLoop> readers, WriterLoop writer) {
    this.readers = readers;
    this.writer = writer;
  }

  void start() {
    for (int i = 0; i < readers.size(); i++) {
      start("reader-" + i, readers.get(i));
    }
    start("writer", writer);
  }

  private void start(String name, Runnable loop) {
    threads.add(Thread.ofPlatform().name(name).daemon().start(loop));
  }

  /** Waits for all to end by themselves. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  boolean isAtWork() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  WriterLoop writer() {
    return writer;
  }

  long sum(ToLongFunction<Tally> count) {
    return readers.stream().map(ReaderLoop::tally).mapToLong(count).sum();
  }
}
