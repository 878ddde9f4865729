package io.flatview.examples.bench.mapped;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A mapped file whose owner knows when to unmap it, as a program would write it by hand. */
record RawFile(MemorySegment segment) {

  private static final MethodHandle MUNMAP = munmap();

  @SuppressWarnings("restricted")
  private static MethodHandle munmap() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow("munmap"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  }

  static RawFile map(Path file) {
    return new RawFile(map(file, Arena.global()));
  }

  static MemorySegment map(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new IllegalStateException("cannot map " + file, e);
    }
  }

  void unmap() {
    int failed;
    try {
      failed = (int) MUNMAP.invokeExact(segment.address(), segment.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("munmap cannot be called", e);
    }
    if (failed != 0) {
      throw new IllegalStateException("munmap failed");
    }
  }
}
