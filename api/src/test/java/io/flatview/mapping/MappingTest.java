package io.flatview.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.mapping.host.LinuxMemory;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mappings behave alike with and without the calls of Linux, checked and unchecked. */
class MappingTest {

  private static final int LENGTH = 10_000;

  record Way(boolean checked, boolean linux) {
    Mappings of(ManualReclaimPolicy policy) {
      return Mappings.of(policy, checked, linux ? LinuxMemory.present() : Optional.empty());
    }
  }

  static Stream<Way> ways() {
    return Stream.of(new Way(false, false), new Way(true, false), new Way(false, true), new Way(true, true));
  }

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final byte[] content = new byte[LENGTH];

  @TempDir
  Path directory;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < LENGTH; i++) {
      content[i] = (byte) (i * 31);
    }
    file = Files.write(directory.resolve("records"), content);
  }

  private static byte byteAt(Mapping mapping, long offset) {
    return mapping.segment().get(ValueLayout.JAVA_BYTE, offset);
  }

  private static boolean isReleased(Mapping mapping) {
    return mapping.released().toCompletableFuture().isDone();
  }

  /** Whether this process maps the file. */
  private boolean isMapped() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.endsWith(file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aClosedMappingStaysUntilItsReadersHaveLeft(Way way) throws IOException {
    Mapping mapping = way.of(policy).file(file, Mapping.Use.READ);
    RcuReference<Mapping> current = new RcuReference<>(policy, mapping);
    MemorySegment kept;
    try (ReadSection _ = policy.currentReader().enter()) {
      kept = current.dereference().segment();
      current.exchange(null).close();
      policy.runGracePeriod();
      assertArrayEquals(content, kept.toArray(ValueLayout.JAVA_BYTE));
      assertFalse(isReleased(mapping));
    }
    policy.runGracePeriod();
    assertTrue(isReleased(mapping));
    IllegalStateException late = assertThrows(IllegalStateException.class, mapping::segment);
    assertTrue(late.getMessage().startsWith("a mapping of 10000 bytes is used by"), late::getMessage);
    if (way.checked()) {
      assertThrows(IllegalStateException.class, () -> kept.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  /** The broken twin of the rule above. */
  @Test
  void aPolicyThatReclaimsAtOnceIsFoundOutInCheckedMode() throws IOException {
    EagerReclaimPolicy eager = new EagerReclaimPolicy();
    Mapping mapping = Mappings.of(eager, true, LinuxMemory.present()).file(file, Mapping.Use.READ);
    try (ReadSection _ = eager.currentReader().enter()) {
      MemorySegment kept = mapping.segment();
      mapping.close();
      assertThrows(IllegalStateException.class, () -> kept.get(ValueLayout.JAVA_BYTE, 0));
      assertThrows(IllegalStateException.class, mapping::segment);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  @EnabledOnOs(OS.LINUX)
  void whatIsGivenBackIsMappedNoMore(Way way) throws IOException {
    Mapping mapping = way.of(policy).file(file, 5_000, 1_000, Mapping.Use.READ);
    assertTrue(isMapped());
    mapping.close();
    assertTrue(isMapped());
    policy.runGracePeriod();
    assertFalse(isMapped());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aPartMayBeginAndEndAnywhere(Way way) throws IOException {
    try (Mapping mapping = way.of(policy).file(file, 4_097, 4_099, Mapping.Use.READ)) {
      assertEquals(4_099, mapping.byteSize());
      assertEquals(content[4_097], byteAt(mapping, 0));
      assertEquals(content[4_097 + 4_098], byteAt(mapping, 4_098));
      assertThrows(IndexOutOfBoundsException.class, () -> byteAt(mapping, 4_099));
      assertThrows(IndexOutOfBoundsException.class, () -> byteAt(mapping, -1));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void storesGoWhereTheUseSays(Way way) throws IOException {
    Mappings mappings = way.of(policy);
    try (Mapping read = mappings.file(file, Mapping.Use.READ);
        Mapping shared = mappings.file(file, 4_099, 100, Mapping.Use.READ_WRITE);
        Mapping own = mappings.file(file, Mapping.Use.PRIVATE)) {
      own.segment().set(ValueLayout.JAVA_BYTE, 1, (byte) 99);
      shared.segment().set(ValueLayout.JAVA_BYTE, 1, (byte) 77);
      assertTrue(shared.force());
      assertThrows(IllegalArgumentException.class, () -> read.segment().set(ValueLayout.JAVA_BYTE, 2, (byte) 1));
      assertEquals(99, byteAt(own, 1));
      assertEquals(content[1], byteAt(read, 1));
      assertEquals(77, byteAt(read, 4_100));
    }
    assertEquals(77, Files.readAllBytes(file)[4_100]);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatIsNotThereIsRefused(Way way) {
    Mappings mappings = way.of(policy);
    EOFException shorter =
        assertThrows(EOFException.class, () -> mappings.file(file, 9_000, 1_001, Mapping.Use.READ));
    assertEquals(file + " has 10000 bytes, and does not hold 1001 bytes from offset 9000", shorter.getMessage());
    NoSuchFileException missing = assertThrows(NoSuchFileException.class,
        () -> mappings.file(directory.resolve("none"), Mapping.Use.READ_WRITE));
    assertEquals(directory.resolve("none").toString(), missing.getFile());
    assertThrows(IOException.class, () -> mappings.file(directory, 0, 0, Mapping.Use.READ_WRITE));
    assertThrows(IllegalArgumentException.class, () -> mappings.file(file, -1, 1, Mapping.Use.READ));
    assertThrows(IllegalArgumentException.class, () -> mappings.file(file, 1, -1, Mapping.Use.READ));
    assertThrows(IllegalArgumentException.class, () -> mappings.anonymous(-1));
    assertThrows(OutOfMemoryError.class, () -> mappings.anonymous(Long.MAX_VALUE / 2));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anEmptyMappingIsOne(Way way) throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    Mappings mappings = way.of(policy);
    for (Mapping mapping : new Mapping[] {
        mappings.file(empty, Mapping.Use.READ), mappings.file(file, LENGTH, 0, Mapping.Use.READ_WRITE),
        mappings.anonymous(0)}) {
      assertEquals(0, mapping.segment().byteSize());
      assertTrue(mapping.force());
      mapping.close();
    }
    policy.runGracePeriod();
    assertEquals(0, policy.failures().size());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anonymousMemoryIsZero(Way way) {
    Mapping mapping = way.of(policy).anonymous(1 << 20);
    assertEquals(-1, mapping.segment().mismatch(MemorySegment.ofArray(new byte[1 << 20])));
    mapping.segment().fill((byte) 1);
    mapping.close();
    policy.runGracePeriod();
    assertTrue(isReleased(mapping));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theMemoryOfALibraryIsFreedByItsUserOnce(Way way) {
    AtomicInteger freed = new AtomicInteger();
    MemorySegment memory = Arena.global().allocate(64);
    Mapping mapping = way.of(policy).adopt(memory, whole -> {
      assertEquals(memory, whole);
      freed.incrementAndGet();
    });
    mapping.segment().set(ValueLayout.JAVA_BYTE, 63, (byte) 5);
    mapping.close();
    mapping.close();
    assertEquals(0, freed.get());
    policy.runGracePeriod();
    assertEquals(1, freed.get());
    assertEquals(5, memory.get(ValueLayout.JAVA_BYTE, 63));
  }

  @Test
  void aFreeThatFailsIsReported() {
    Mapping mapping = new Way(false, true).of(policy).adopt(Arena.global().allocate(8), whole -> {
      throw new IllegalStateException("the library refuses");
    });
    mapping.close();
    policy.runGracePeriod();
    assertEquals(1, policy.failures().size());
    assertTrue(mapping.released().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void aFreeThatOverflowsTheStackEndsTheLastPinOnce() {
    Mapping mapping = new Way(false, true).of(policy).adopt(Arena.global().allocate(8), _ -> {
      throw new StackOverflowError("planted");
    });
    Mapping.Pin pin = mapping.pin();
    mapping.close();
    policy.runGracePeriod();
    assertThrows(StackOverflowError.class, pin::close);
    pin.close();
    assertThrows(IllegalStateException.class, mapping::pin);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aPinKeepsTheMemoryBeyondTheSection(Way way) throws IOException {
    Mapping mapping = way.of(policy).file(file, Mapping.Use.READ);
    Mapping.Pin pin;
    try (ReadSection _ = policy.currentReader().enter()) {
      pin = mapping.pin();
    }
    mapping.close();
    policy.runGracePeriod();
    assertEquals(content[9], pin.segment().get(ValueLayout.JAVA_BYTE, 9));
    pin.close();
    pin.close();
    assertTrue(isReleased(mapping));
    assertThrows(IllegalStateException.class, mapping::pin);
  }

  /** Forbidden: the open of a pipe waits for a writer, and no interrupt ends that. */
  @ParameterizedTest
  @MethodSource("ways")
  @EnabledOnOs(OS.LINUX)
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeOrADirectoryIsRefusedByName(Way way) throws IOException, InterruptedException {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertRefused(way, pipe, "it is a pipe");
    assertRefused(way, directory, "it is a directory");
  }

  private void assertRefused(Way way, Path path, String reason) {
    for (Mapping.Use use : Mapping.Use.values()) {
      String message =
          assertThrows(FileSystemException.class, () -> way.of(policy).file(path, use)).getMessage();
      assertEquals(path + ": " + reason + ", and cannot be mapped", message);
      assertThrows(FileSystemException.class, () -> way.of(policy).file(path, 0, 1, use));
    }
  }

  @Test
  void whatCannotBeRetiredStaysOpen() throws IOException {
    Mapping mapping = new Way(false, true).of(policy).file(file, Mapping.Use.READ);
    policy.close();
    assertThrows(IllegalStateException.class, mapping::close);
    assertEquals(content[3], byteAt(mapping, 3));
    assertThrows(IllegalStateException.class, mapping::close);
  }

  @ParameterizedTest
  @MethodSource("ways")
  @EnabledOnOs(OS.LINUX)
  void aDescriptorIsMappedAndStaysItsUsers(Way way) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      int descriptor = descriptorOf(file);
      if (!way.linux()) {
        assertThrows(UnsupportedOperationException.class,
            () -> way.of(policy).descriptor(descriptor, 0, 1, Mapping.Use.READ));
        return;
      }
      open.seek(123);
      Mapping mapping = way.of(policy).descriptor(descriptor, 4_100, 100, Mapping.Use.READ_WRITE);
      assertEquals(123, open.getFilePointer());
      assertEquals(content[4_100], byteAt(mapping, 0));
      mapping.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
      open.seek(4_100);
      assertEquals(42, open.read());
      mapping.close();
      policy.runGracePeriod();
      assertEquals(LENGTH, open.length());
    }
    assertThrows(IOException.class, () -> way.of(policy).descriptor(-1, 0, 1, Mapping.Use.READ));
  }

  private static int descriptorOf(Path file) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(one -> leadsTo(one, file)).map(one -> one.getFileName().toString())
          .mapToInt(Integer::parseInt).findFirst().orElseThrow();
    }
  }

  private static boolean leadsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  @EnabledOnOs(OS.LINUX)
  void whatIsDroppedUnclosedIsGivenBack(Way way) throws IOException {
    way.of(policy).file(file, Mapping.Use.READ);
    Await.until("the garbage collector has given the mapping back", () -> {
      System.gc();
      policy.runGracePeriod();
      return !isMapped();
    });
  }

  /** Forbidden: a program keeps the segment of a mapping for ever, and the collector of the mapping unmaps it. */
  @Test
  void aSegmentKeepsItsMemoryUnlessItIsChecked() throws IOException {
    MemorySegment kept = new Way(false, true).of(policy).file(file, Mapping.Use.READ).segment();
    for (int i = 0; i < 5; i++) {
      System.gc();
      policy.runGracePeriod();
      Await.pause(10);
    }
    assertDoesNotThrow(() -> kept.get(ValueLayout.JAVA_BYTE, LENGTH - 1));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void withNativeAccessNoThreadIsInterrupted() {
    assertTrue(new Way(false, true).of(policy).isDirect());
    assertFalse(new Way(false, false).of(policy).isDirect());
    assertFalse(new Way(true, true).of(policy).isDirect());
  }
}
