package io.flatview.examples.vhost.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library of Linux, called as it is: each method gives what the function gives, and a negative error number where
 * that fails. Constants and layouts are those of 64-bit Linux, the same on x86 and ARM.
 */
final class Libc {

  static final int EINTR = 4;
  static final int EINVAL = 22;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Where a thread's calls leave their error number. */
  private static final ThreadLocal<MemorySegment> ERRORS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private static final MethodHandle SOCKET = intCall("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SOCKET_PAIR = intCall("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle BIND = intCall("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT = intCall("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = intCall("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT = intCall("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SHUTDOWN = intCall("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = intCall("close", JAVA_INT);
  private static final MethodHandle EVENT = intCall("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle POLL = intCall("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MEMORY_FILE = intCall("memfd_create", ADDRESS, JAVA_INT);
  private static final MethodHandle TRUNCATE = intCall("ftruncate", JAVA_INT, JAVA_LONG);
  private static final MethodHandle RECEIVE = longCall("recvmsg", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SEND = longCall("sendmsg", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle READ = longCall("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = longCall("write", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle SEEK = longCall("lseek", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CONTROL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);

  private Libc() {}

  private static MethodHandle intCall(String name, MemoryLayout... arguments) {
    return call(name, FunctionDescriptor.of(JAVA_INT, arguments), Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle longCall(String name, MemoryLayout... arguments) {
    return call(name, FunctionDescriptor.of(JAVA_LONG, arguments), Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(String name, int fixed, MemoryLayout... arguments) {
    return call(name, FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(fixed));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address = LINKER.defaultLookup().find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name + "; this needs Linux"));
    return LINKER.downcallHandle(address, type, options);
  }

  /** A call with its arguments bound. */
  private interface Call {
    long run(MemorySegment errors) throws Throwable;
  }

  private static long run(Call call) {
    MemorySegment errors = ERRORS.get();
    long result;
    try {
      result = call.run(errors);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native call throws no checked exception", e);
    }
    return result == -1 ? -(int) ERRNO.get(errors, 0L) : result;
  }

  static int socket(int domain, int type) {
    return (int) run(errors -> (int) SOCKET.invokeExact(errors, domain, type, 0));
  }

  static int socketPair(int domain, int type, MemorySegment pair) {
    return (int) run(errors -> (int) SOCKET_PAIR.invokeExact(errors, domain, type, 0, pair));
  }

  static int bind(int socket, MemorySegment address) {
    return (int) run(errors -> (int) BIND.invokeExact(errors, socket, address, (int) address.byteSize()));
  }

  static int connect(int socket, MemorySegment address) {
    return (int) run(errors -> (int) CONNECT.invokeExact(errors, socket, address, (int) address.byteSize()));
  }

  static int listen(int socket, int backlog) {
    return (int) run(errors -> (int) LISTEN.invokeExact(errors, socket, backlog));
  }

  static int accept(int socket, int flags) {
    return (int) run(
        errors -> (int) ACCEPT.invokeExact(errors, socket, MemorySegment.NULL, MemorySegment.NULL, flags));
  }

  static int shutdown(int socket, int how) {
    return (int) run(errors -> (int) SHUTDOWN.invokeExact(errors, socket, how));
  }

  static int close(int descriptor) {
    return (int) run(errors -> (int) CLOSE.invokeExact(errors, descriptor));
  }

  static int event(int flags) {
    return (int) run(errors -> (int) EVENT.invokeExact(errors, 0, flags));
  }

  static int poll(MemorySegment wanted, long count, int millis) {
    return (int) run(errors -> (int) POLL.invokeExact(errors, wanted, count, millis));
  }

  static int memoryFile(MemorySegment name, int flags) {
    return (int) run(errors -> (int) MEMORY_FILE.invokeExact(errors, name, flags));
  }

  static int truncate(int descriptor, long bytes) {
    return (int) run(errors -> (int) TRUNCATE.invokeExact(errors, descriptor, bytes));
  }

  static long receive(int socket, MemorySegment header, int flags) {
    return run(errors -> (long) RECEIVE.invokeExact(errors, socket, header, flags));
  }

  static long send(int socket, MemorySegment header, int flags) {
    return run(errors -> (long) SEND.invokeExact(errors, socket, header, flags));
  }

  static long read(int descriptor, MemorySegment into) {
    return run(errors -> (long) READ.invokeExact(errors, descriptor, into, into.byteSize()));
  }

  static long write(int descriptor, MemorySegment from) {
    return run(errors -> (long) WRITE.invokeExact(errors, descriptor, from, from.byteSize()));
  }

  static long seek(int descriptor, long offset, int from) {
    return run(errors -> (long) SEEK.invokeExact(errors, descriptor, offset, from));
  }

  static int control(int descriptor, int command, int argument) {
    return (int) run(errors -> (int) CONTROL.invokeExact(errors, descriptor, command, argument));
  }
}
