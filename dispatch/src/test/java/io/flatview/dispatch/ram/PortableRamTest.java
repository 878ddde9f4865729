package io.flatview.dispatch.ram;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.mapping.host.LinuxMemory;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory behaves alike with and without the calls of Linux, checked and unchecked. */
class PortableRamTest {

  record Way(boolean checked, boolean linux) {
    RamAllocator allocator() {
      return new RamAllocator(checked, 4096, linux ? LinuxMemory.present() : Optional.empty(), new Origin());
    }
  }

  static Stream<Way> ways() {
    return Stream.of(new Way(false, false), new Way(true, false), new Way(false, true), new Way(true, true));
  }

  @TempDir
  Path directory;

  private static void assertForgets(RamBlock block) {
    MemorySegment segment = block.segment();
    segment.fill((byte) 1);
    block.discard(0x800, 0x3000);
    assertEquals(1, segment.get(ValueLayout.JAVA_BYTE, 0x7ff));
    assertEquals(-1, segment.asSlice(0x800, 0x3000).mismatch(MemorySegment.ofArray(new byte[0x3000])));
    assertEquals(1, segment.get(ValueLayout.JAVA_BYTE, 0x3800));
  }

  private static void assertReturns(RamAllocator allocator, RamBlock block) {
    assertEquals(1, allocator.reservedBlocks());
    block.close();
    block.close();
    assertEquals(0, allocator.reservedBlocks());
    assertEquals(0, allocator.reservedBytes());
    assertEquals(true, block.released().toCompletableFuture().isDone());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void zeroedMemoryIsTakenForgottenAndGivenBack(Way way) {
    RamAllocator allocator = way.allocator();
    RamBlock block = allocator.block("ram", RamBacking.zeroed(Size.kib(16)));
    assertForgets(block);
    assertReturns(allocator, block);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aFileIsTakenForgottenAndGivenBack(Way way) throws IOException {
    RamAllocator allocator = way.allocator();
    for (RamBacking.Sharing sharing : new RamBacking.Sharing[] {
        RamBacking.Sharing.SHARED, RamBacking.Sharing.PRIVATE}) {
      Path file = Files.write(directory.resolve(sharing.name()), new byte[0x4000]);
      RamBlock block = allocator.block("ram", RamBacking.file(file, 0, Size.kib(16), sharing));
      assertForgets(block);
      assertReturns(allocator, block);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void checkedMemoryThrowsAfterItsRelease(Way way) {
    RamBlock block = way.allocator().block("ram", RamBacking.zeroed(Size.kib(16)));
    MemorySegment segment = block.segment();
    block.close();
    if (way.checked) {
      assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void memoryStaysWhileAnyUseLasts(Way way) {
    RamAllocator allocator = way.allocator();
    RamBlock block = allocator.block("ram", RamBacking.zeroed(Size.kib(16)));
    block.segment();
    block.retain();
    block.close();
    assertEquals(1, allocator.reservedBlocks());
    block.release();
    assertEquals(0, allocator.reservedBlocks());
    assertThrows(IllegalStateException.class, () -> block.discard(0, 1));
  }

  @Test
  void onLinuxWithNativeAccessTheCallsArePresent() {
    assertEquals(System.getProperty("os.name").equals("Linux"), LinuxMemory.present().isPresent());
  }

  /** Has a function of the C library use a segment, which cannot be closed meanwhile, and call back. */
  @SuppressWarnings("restricted") // a segment is in use only while native code runs
  private static void whileUsed(MemorySegment segment, Runnable callback) throws Throwable {
    MethodHandle run = MethodHandles.publicLookup()
        .findVirtual(Runnable.class, "run", MethodType.methodType(void.class)).bindTo(callback);
    MethodHandle compare = MethodHandles.dropArguments(
        MethodHandles.filterReturnValue(run, MethodHandles.zero(int.class)),
        0, MemorySegment.class, MemorySegment.class);
    Linker linker = Linker.nativeLinker();
    MethodHandle sort = linker.downcallHandle(linker.defaultLookup().findOrThrow("qsort"),
        FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      sort.invokeExact(segment, 2L, 1L,
          linker.upcallStub(compare, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), arena));
    }
  }

  @Test
  void memoryThatCannotBeGivenBackKeepsNoOtherFromItsEnd() throws Throwable {
    RamAllocator allocator = new Way(true, false).allocator();
    List<RamBlock> blocks = Stream.of("in use", "second", "third")
        .map(name -> allocator.block(name, RamBacking.zeroed(Size.kib(4)))).toList();
    blocks.forEach(RamBlock::segment);
    List<Throwable> thrown = new ArrayList<>();
    whileUsed(blocks.getFirst().segment(), () -> {
      try {
        allocator.closeAll();
      } catch (Throwable e) {
        thrown.add(e);
      }
    });
    assertEquals(List.of(IllegalStateException.class), thrown.stream().map(Object::getClass).toList());
    assertEquals(1, allocator.reservedBlocks());
    assertThrows(IllegalStateException.class, () -> allocator.block("late", RamBacking.zeroed(Size.kib(4))));
  }
}
