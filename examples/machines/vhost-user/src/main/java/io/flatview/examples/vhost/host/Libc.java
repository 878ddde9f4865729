package io.flatview.examples.vhost.host;

import static io.flatview.examples.virtio.host.CLibrary.number;
import static io.flatview.examples.virtio.host.CLibrary.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flatview.examples.virtio.host.CLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library of Linux, called as it is: each method gives what the function gives, and a negative error number where
 * that fails. Constants and layouts are those of 64-bit Linux, the same on x86 and ARM.
 */
final class Libc {

  static final int EINTR = 4;
  static final int EINVAL = 22;

  /** A pointer to nothing, for a parameter that is a number to the linker. */
  private static final long NOWHERE = 0;

  private static final MethodHandle SOCKET = CLibrary.ofNumbers("socket");
  private static final MethodHandle SOCKET_PAIR = CLibrary.link(
      "socketpair", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
  private static final MethodHandle BIND = CLibrary.ofPointerBetween("bind");
  private static final MethodHandle CONNECT = CLibrary.ofPointerBetween("connect");
  private static final MethodHandle LISTEN = CLibrary.ofNumbers("listen");
  private static final MethodHandle ACCEPT = CLibrary.ofNumbers("accept4");
  private static final MethodHandle SHUTDOWN = CLibrary.ofNumbers("shutdown");
  private static final MethodHandle CLOSE = CLibrary.ofNumbers("close");
  private static final MethodHandle EVENT = CLibrary.ofNumbers("eventfd");
  private static final MethodHandle POLL = CLibrary.ofPointer("poll");
  private static final MethodHandle MEMORY_FILE = CLibrary.ofPointer("memfd_create");
  private static final MethodHandle TRUNCATE = CLibrary.ofNumbers("ftruncate");
  private static final MethodHandle RECEIVE = CLibrary.ofPointerBetween("recvmsg");
  private static final MethodHandle SEND = CLibrary.ofPointerBetween("sendmsg");
  private static final MethodHandle READ = CLibrary.ofPointerBetween("read");
  private static final MethodHandle WRITE = CLibrary.ofPointerBetween("write");
  private static final MethodHandle SEEK = CLibrary.ofNumbers("lseek");
  private static final MethodHandle CONTROL = CLibrary.link(
      "fcntl", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));

  private Libc() {}

  static int socket(int domain, int type) {
    return number(errors -> (long) SOCKET.invokeExact(errors, (long) domain, (long) type, 0L, 0L));
  }

  static int socketPair(int domain, int type, MemorySegment pair) {
    return number(errors -> (long) SOCKET_PAIR.invokeExact(errors, (long) domain, (long) type, 0L, pair));
  }

  static int bind(int socket, MemorySegment address) {
    return number(errors -> (long) BIND.invokeExact(errors, (long) socket, address, address.byteSize()));
  }

  static int connect(int socket, MemorySegment address) {
    return number(errors -> (long) CONNECT.invokeExact(errors, (long) socket, address, address.byteSize()));
  }

  static int listen(int socket, int backlog) {
    return number(errors -> (long) LISTEN.invokeExact(errors, (long) socket, (long) backlog, 0L, 0L));
  }

  static int accept(int socket, int flags) {
    return number(errors -> (long) ACCEPT.invokeExact(errors, (long) socket, NOWHERE, NOWHERE, (long) flags));
  }

  static int shutdown(int socket, int how) {
    return number(errors -> (long) SHUTDOWN.invokeExact(errors, (long) socket, (long) how, 0L, 0L));
  }

  static int close(int descriptor) {
    return number(errors -> (long) CLOSE.invokeExact(errors, (long) descriptor, 0L, 0L, 0L));
  }

  static int event(int flags) {
    return number(errors -> (long) EVENT.invokeExact(errors, 0L, (long) flags, 0L, 0L));
  }

  static int poll(MemorySegment wanted, long count, int millis) {
    return number(errors -> (long) POLL.invokeExact(errors, wanted, count, (long) millis));
  }

  static int memoryFile(MemorySegment name, int flags) {
    return number(errors -> (long) MEMORY_FILE.invokeExact(errors, name, (long) flags, 0L));
  }

  static int truncate(int descriptor, long bytes) {
    return number(errors -> (long) TRUNCATE.invokeExact(errors, (long) descriptor, bytes, 0L, 0L));
  }

  static long receive(int socket, MemorySegment header, int flags) {
    return word(errors -> (long) RECEIVE.invokeExact(errors, (long) socket, header, (long) flags));
  }

  static long send(int socket, MemorySegment header, int flags) {
    return word(errors -> (long) SEND.invokeExact(errors, (long) socket, header, (long) flags));
  }

  static long read(int descriptor, MemorySegment into) {
    return word(errors -> (long) READ.invokeExact(errors, (long) descriptor, into, into.byteSize()));
  }

  static long write(int descriptor, MemorySegment from) {
    return word(errors -> (long) WRITE.invokeExact(errors, (long) descriptor, from, from.byteSize()));
  }

  static long seek(int descriptor, long offset, int from) {
    return word(errors -> (long) SEEK.invokeExact(errors, (long) descriptor, offset, (long) from, 0L));
  }

  static int control(int descriptor, int command, int argument) {
    return number(errors -> (long) CONTROL.invokeExact(errors, descriptor, command, argument));
  }
}
