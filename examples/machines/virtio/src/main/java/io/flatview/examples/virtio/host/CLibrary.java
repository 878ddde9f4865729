package io.flatview.examples.virtio.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Links and calls functions of the C library of 64-bit Linux. A failing call gives its negative error number.
 *
 * <p>Functions are linked with one of a few types, as the JDK makes code for each type: an int is passed as a long, and
 * parameters that a function does not have are 0 and ignored by it. Pointers stay pointers, so that their memory cannot
 * go during the call. Of a result that C declares as an int only the lower half counts, which {@link #number} takes.
 *
 * <p>Any thread may call.
 */
public final class CLibrary {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Where a thread's calls leave their error number. */
  private static final ThreadLocal<MemorySegment> ERRORS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private CLibrary() {}

  /** A call with its arguments bound. */
  public interface Call {

    /**
     * Calls the function.
     *
     * @param errors the first argument, which takes the error number
     * @return what the function returns
     * @throws Throwable as declared by method handles; never
     */
    long run(MemorySegment errors) throws Throwable;
  }

  /**
   * Links a function of up to four numbers.
   *
   * @param name the function's name
   * @return takes the memory for the error number and four longs, and returns a long
   * @throws UnsupportedOperationException if the C library has no such function
   */
  public static MethodHandle ofNumbers(String name) {
    return link(name, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  }

  /**
   * Links a function of a pointer and up to two numbers.
   *
   * @param name the function's name
   * @return takes the memory for the error number, a segment and two longs, and returns a long
   * @throws UnsupportedOperationException if the C library has no such function
   */
  public static MethodHandle ofPointer(String name) {
    return link(name, FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
  }

  /**
   * Links a function of a number, a pointer and another number.
   *
   * @param name the function's name
   * @return takes the memory for the error number, a long, a segment and a long, and returns a long
   * @throws UnsupportedOperationException if the C library has no such function
   */
  public static MethodHandle ofPointerBetween(String name) {
    return link(name, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
  }

  /**
   * Links a function with a type of its own.
   *
   * @param name the function's name
   * @param type its type
   * @param options beside the one that captures the error number
   * @return takes the memory for the error number before the arguments
   * @throws UnsupportedOperationException if the C library has no such function
   */
  @SuppressWarnings("restricted")
  public static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address = LINKER.defaultLookup().find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name + "; this needs Linux"));
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(address, type, all);
  }

  /**
   * Calls a function whose result is an int.
   *
   * @param call the call
   * @return the result, or the negative error number if that is -1
   */
  public static int number(Call call) {
    MemorySegment errors = ERRORS.get();
    int result = (int) run(call, errors);
    return result == -1 ? -(int) ERRNO.get(errors, 0L) : result;
  }

  /**
   * Calls a function whose result is a long.
   *
   * @param call the call
   * @return the result, or the negative error number if that is -1
   */
  public static long word(Call call) {
    MemorySegment errors = ERRORS.get();
    long result = run(call, errors);
    return result == -1 ? -(int) ERRNO.get(errors, 0L) : result;
  }

  private static long run(Call call, MemorySegment errors) {
    try {
      return call.run(errors);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native call throws no checked exception", e);
    }
  }
}
