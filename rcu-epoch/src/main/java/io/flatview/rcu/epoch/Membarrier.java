package io.flatview.rcu.epoch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The heavy fence of Linux: {@code membarrier(2)}, command PRIVATE_EXPEDITED. */
final class Membarrier implements HeavyFence {

  /*
   * The kernel interrupts every processor that runs a thread of this process and has it fence; a thread that is not
   * running passes through the scheduler, which fences, before it runs again. The process must have registered for
   * the command; HotSpot registers it too under -XX:+UseSystemMemoryBarrier, and a second registration is harmless.
   *
   * libc has no wrapper, so this goes through syscall(2). On the two architectures below, integers are passed to a
   * variadic function as to any other. So the call is linked with the type of mmap(2), with which the memory of regions
   * is allocated: the JDK makes code for each type once, which takes some 15 ms for each type after the first. To keep
   * the error number is another type; so a call that failed is repeated by one that does. The call is not a critical
   * one: it may take tens of microseconds, during which the collector must not have to wait.
   *
   * The kernel forgets the registration when a process is restored from a checkpoint. The call then fails with EPERM,
   * and this class registers again. If that fails, it throws: a grace period without its fence would free objects in
   * use.
   */

  private static final long QUERY = 0;
  private static final long PRIVATE_EXPEDITED = 1 << 3;
  private static final long REGISTER_PRIVATE_EXPEDITED = 1 << 4;
  private static final String ERROR_NUMBER = "errno";

  private final long number;
  private final MethodHandle syscall;

  private Membarrier(long number, MethodHandle syscall) {
    this.number = number;
    this.syscall = syscall;
  }

  /** Links the system call and registers the process. */
  static Membarrier register() throws FenceUnavailableException {
    Membarrier membarrier = new Membarrier(numberHere(), link());
    long commands = membarrier.call(QUERY);
    if (commands < 0) {
      throw new FenceUnavailableException("membarrier(2) is missing or forbidden" + membarrier.reason(QUERY));
    }
    if ((commands & PRIVATE_EXPEDITED) == 0) {
      throw new FenceUnavailableException("membarrier(2) offers 0x" + Long.toHexString(commands)
          + ", which lacks PRIVATE_EXPEDITED");
    }
    long result = membarrier.call(REGISTER_PRIVATE_EXPEDITED);
    if (result < 0) {
      throw new FenceUnavailableException(
          "membarrier(2) refuses registration" + membarrier.reason(REGISTER_PRIVATE_EXPEDITED));
    }
    return membarrier;
  }

  @Override
  public void issue() {
    if (call(PRIVATE_EXPEDITED) < 0) {
      registerAgain();
    }
  }

  private void registerAgain() {
    call(REGISTER_PRIVATE_EXPEDITED);
    if (call(PRIVATE_EXPEDITED) < 0) {
      throw new IllegalStateException("membarrier(2) worked at the start and fails now" + reason(PRIVATE_EXPEDITED)
          + "; nothing more is reclaimed");
    }
  }

  /** The result; negative if the call failed. */
  private long call(long command) {
    try {
      return (long) syscall.invokeExact(number, command, 0, 0, 0, 0L);
    } catch (Error e) { // out of memory: the reclaiming thread tries again
      throw e;
    } catch (Throwable e) { // invokeExact declares it; a downcall throws nothing of its own
      throw new IllegalStateException("membarrier(2) could not be called", e);
    }
  }

  /** The reason why a call failed, for a message: repeats it, and keeps the error number. */
  String reason(long command) {
    try (Arena arena = Arena.ofConfined()) {
      StructLayout layout = Linker.Option.captureStateLayout();
      MemorySegment state = arena.allocate(layout);
      MethodHandle telling = link(Linker.Option.captureCallState(ERROR_NUMBER));
      long result = (long) telling.invokeExact(state, number, command, 0, 0, 0, 0L);
      long offset = layout.byteOffset(MemoryLayout.PathElement.groupElement(ERROR_NUMBER));
      return result < 0 ? ": errno " + state.get(ValueLayout.JAVA_INT, offset) : "";
    } catch (Throwable e) { // out of memory
      return "";
    }
  }

  private static long numberHere() throws FenceUnavailableException {
    String system = System.getProperty("os.name");
    String architecture = System.getProperty("os.arch");
    if (!"Linux".equals(system)) {
      throw new FenceUnavailableException("the system is " + system + ", not Linux");
    }
    return switch (architecture) {
      case "amd64" -> 324;
      case "aarch64" -> 283;
      default -> throw new FenceUnavailableException("not known for architecture " + architecture);
    };
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(Linker.Option... options) throws FenceUnavailableException {
    if (!Membarrier.class.getModule().isNativeAccessEnabled()) {
      throw new FenceUnavailableException("native access is not enabled; see --enable-native-access");
    }
    FunctionDescriptor type = FunctionDescriptor.of(
        ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    try {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), type, options);
    } catch (RuntimeException | LinkageError e) {
      throw new FenceUnavailableException("the system call cannot be linked: " + e.getMessage(), e);
    }
  }
}
