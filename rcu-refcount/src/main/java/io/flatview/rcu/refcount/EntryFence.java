package io.flatview.rcu.refcount;

/** Decides whether fence C, between counting a section in and its first load, needs an instruction of its own. */
final class EntryFence {

  /*
   * The Java memory model does not order a volatile read-modify-write with an acquire load of another variable that
   * follows, so that in general C is a fence of its own. On x86 every atomic read-modify-write instruction is a full
   * fence, and HotSpot's compilers move no load above one: its trailing MemBarAcquire. There a second fence would add
   * nothing and cost as much as the first. Elsewhere it is needed: on AArch64 with LSE, an addition whose result is not
   * used compiles to one without an acquire, and the model of that machine then allows the load to pass it.
   */

  /** Whether a fence has to follow the read-modify-write. */
  static final boolean NEEDED = !isInTheRmw(System.getProperty("os.arch"), System.getProperty("java.vm.name"));

  private EntryFence() {}

  static boolean isInTheRmw(String architecture, String vmName) {
    return "amd64".equals(architecture)
        && vmName != null && (vmName.startsWith("OpenJDK ") || vmName.startsWith("Java HotSpot(TM) "));
  }
}
