package io.flatview.dispatch.ram;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Anonymous {@code mmap} without reservation: gigabytes cost nothing until touched, and giving them back needs no
 * handshake with other threads. Linux only, and only where this module may call native code.
 */
final class AnonymousMapping implements RamReserver {

  private static final int PROT_READ_WRITE = 0x3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final long MAP_FAILED = -1;

  private final MethodHandle mmap;
  private final MethodHandle munmap;

  @SuppressWarnings("restricted")
  AnonymousMapping() {
    Linker linker = Linker.nativeLinker();
    mmap = linker.downcallHandle(
        linker.defaultLookup().findOrThrow("mmap"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG));
    munmap = linker.downcallHandle(
        linker.defaultLookup().findOrThrow("munmap"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  }

  static boolean isSupported() {
    return System.getProperty("os.name").equals("Linux")
        && AnonymousMapping.class.getModule().isNativeAccessEnabled();
  }

  @Override
  @SuppressWarnings("restricted")
  public Reservation reserve(long bytes) {
    long address = map(bytes);
    if (address == MAP_FAILED) {
      throw new OutOfMemoryError("the system refused to reserve " + bytes + " bytes of guest memory");
    }
    return new Reservation(MemorySegment.ofAddress(address).reinterpret(bytes), () -> unmap(address, bytes));
  }

  private long map(long bytes) {
    try {
      return (long) mmap.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
    } catch (Throwable e) {
      throw new AssertionError("mmap cannot be called", e);
    }
  }

  private void unmap(long address, long bytes) {
    int failed;
    try {
      failed = (int) munmap.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw new AssertionError("munmap cannot be called", e);
    }
    if (failed != 0) {
      throw new IllegalStateException("munmap of " + bytes + " bytes of guest memory failed");
    }
  }
}
