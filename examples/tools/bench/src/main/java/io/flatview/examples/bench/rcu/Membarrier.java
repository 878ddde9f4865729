package io.flatview.examples.bench.rcu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The Linux system call that makes every running thread of the process execute a full fence. */
@State(Scope.Benchmark)
public class Membarrier {

  private static final long PRIVATE_EXPEDITED = 1 << 3;
  private static final long REGISTER_PRIVATE_EXPEDITED = 1 << 4;
  private static final Map<String, Long> NUMBERS = Map.of("amd64", 324L, "aarch64", 283L, "riscv64", 283L);

  private long number;
  private MethodHandle syscall;

  /**
   * Whether this machine is of a kind that has the call.
   *
   * @return true on Linux and the known processors
   */
  public static boolean isKnown() {
    return System.getProperty("os.name").equals("Linux") && NUMBERS.containsKey(System.getProperty("os.arch"));
  }

  /** Registers the process for it. */
  @Setup
  public void register() {
    number = NUMBERS.get(System.getProperty("os.arch"));
    syscall = link();
    call(REGISTER_PRIVATE_EXPEDITED);
  }

  void issue() {
    call(PRIVATE_EXPEDITED);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
        Linker.Option.firstVariadicArg(1));
  }

  private void call(long command) {
    long result;
    try {
      result = (long) syscall.invokeExact(number, command, 0L, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("membarrier could not be called", e);
    }
    if (result < 0) {
      throw new IllegalStateException("the system refuses membarrier command " + command);
    }
  }
}
