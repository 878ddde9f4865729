package io.flatview.rcu.spi;

/** The threads of a policy. */
final class Threads {

  private Threads() {}

  /** Starts a thread that does not keep the program running, nor what its starter has in inheritable thread-locals. */
  static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("flatview-rcu-" + name).start(work);
  }
}
