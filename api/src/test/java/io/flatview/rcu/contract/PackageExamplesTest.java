package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the javadoc of packages, and in the guide, are the code below, compiled and run in checked mode. */
class PackageExamplesTest {

  private static final Path SOURCES = Path.of("src", "main", "java", "io", "flatview");
  private static final Path THIS =
      Path.of("src", "test", "java", "io", "flatview", "rcu", "contract", "PackageExamplesTest.java");
  private static final Path GUIDE = Path.of("OFF-HEAP.md");
  private static final AtomicInteger FREED = new AtomicInteger();

  @TempDir
  Path directory;

  /** Something off the heap. */
  private record Table(Arena arena, MemorySegment memory) {

    static Table allocate(long value) {
      Arena arena = Arena.ofShared();
      MemorySegment memory = arena.allocate(ValueLayout.JAVA_LONG);
      memory.set(ValueLayout.JAVA_LONG, 0, value);
      return new Table(arena, memory);
    }

    long lookup(long key) {
      return memory.get(ValueLayout.JAVA_LONG, key);
    }

    void free() {
      arena.close();
      FREED.incrementAndGet();
    }
  }

  private static ReclaimPolicy policy() {
    return new ReclaimEngine(TestFlavour.sound());
  }

  @Test
  void theExampleOfReclamationIsCompiledAndRuns() throws IOException {
    long key = 0;
    long found;
    try (ReclaimPolicy policy = policy()) {
      // rcu: begin
      RcuReference<Table> current = new RcuReference<>(policy, Table.allocate(1));

      // any number of readers
      try (ReadSection _ = policy.currentReader().enter()) {
        found = current.dereference().lookup(key);
      }

      // any number of writers
      current.replace(Table.allocate(2), Table::free); // when every section that may have seen the old one has ended
      // rcu: end
      policy.barrier();
      assertEquals(1, found);
      assertEquals(1, FREED.get());
      assertEquals(2, current.dereferenceProtected().lookup(key));
      current.dereferenceProtected().arena.close();
    }
    assertShown("rcu", SOURCES.resolve("rcu"));
  }

  @Test
  void theExampleOfMappingsIsCompiledAndRuns() throws IOException {
    final Path first = records("first", 10, 11);
    final Path second = records("second", 20, 21);
    long key = 1;
    long found;
    try (ReclaimPolicy policy = policy()) {
      // mapping: begin
      Mappings mappings = Mappings.of(policy);
      RcuReference<Mapping> current = new RcuReference<>(policy, mappings.file(first, Mapping.Use.READ));

      // any number of readers
      try (ReadSection _ = policy.currentReader().enter()) {
        MemorySegment records = current.dereference().segment();
        found = records.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES * key);
      }

      // any number of writers
      current.exchange(mappings.file(second, Mapping.Use.READ)).close(); // unmapped when the last reader has left
      // mapping: end
      policy.barrier();
      assertEquals(11, found);
      assertEquals(0, policy.statistics().waitingBlocks());
      current.exchange(null).close();
    }
    assertShown("mapping", SOURCES.resolve("mapping"));
    assertTrue(Files.readString(GUIDE).contains(compiled("mapping")));
  }

  @Test
  void thePinOfTheGuideIsCompiledAndRuns() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    WritableByteChannel channel = Channels.newChannel(sent);
    try (ReclaimPolicy policy = policy(); Reader reader = policy.register("sender")) {
      RcuReference<Mapping> current = new RcuReference<>(policy, Mappings.of(policy).anonymous(10));
      // pin: begin
      Mapping.Pin pin;
      try (ReadSection _ = reader.enter()) {
        pin = current.dereference(reader).pin();
      }
      try (pin) {
        channel.write(pin.segment().asByteBuffer());
      }
      // pin: end
      current.exchange(null).close();
    }
    assertEquals(10, sent.size());
    assertTrue(Files.readString(GUIDE).contains(compiled("pin")));
  }

  private Path records(String name, long... values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(values);
    return Files.write(directory.resolve(name), bytes.array());
  }

  private static void assertShown(String name, Path packageFolder) throws IOException {
    List<String> shown = Files.readAllLines(packageFolder.resolve("package-info.java"));
    String example = shown.subList(shown.indexOf(" * <pre>{@code") + 1, shown.indexOf(" * }</pre>")).stream()
        .map(line -> line.length() > 3 ? line.substring(3) : "").collect(Collectors.joining("\n"));
    assertEquals(compiled(name), example);
  }

  private static String compiled(String name) throws IOException {
    List<String> source = Files.readAllLines(THIS);
    int begin = source.indexOf("      // " + name + ": begin");
    int end = source.indexOf("      // " + name + ": end");
    return String.join("\n", source.subList(begin + 1, end)).stripIndent();
  }
}
