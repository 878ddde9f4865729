package io.flatview.rcu.spi;

/** The threads of a policy. */
final class Threads {

  private Threads() {}

  /** Starts a daemon thread, which inherits no thread-locals: it would keep their values in memory. */
  static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("flatview-rcu-" + name).start(work);
  }
}
