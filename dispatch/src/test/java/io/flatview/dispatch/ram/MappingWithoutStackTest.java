package io.flatview.dispatch.ram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Memory that is made where the stack ends is made, or nothing of it is left. Another JVM, which maps nothing of that
 * size otherwise. It dives until its code is compiled, so that the stack ends between methods that it does not end
 * between while they are interpreted.
 */
class MappingWithoutStackTest {

  /** Makes memory at the end of the stack, and with ever more of it until that succeeds; then counts what is mapped. */
  static final class Program {

    private static final int DIVES = 45;
    private static final long BYTES = (97L << 20) + 0xd000; // of no other mapping

    private Program() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
          DispatchMemory memory = DispatchMemory.create(policy)) {
        memory.ram("first", Size.bytes(BYTES)).close();
        long before = mapped();
        List<MemoryRegion.Ram> made = new ArrayList<>();
        for (int i = 0; i < DIVES; i++) {
          int from = i;
          Thread diver = new Thread(null, () -> diveFrom(from, memory, made), "diver", 256 << 10);
          diver.start();
          diver.join();
        }
        made.forEach(MemoryRegion::close);
        System.out.println("left behind: " + (mapped() - before));
      }
    }

    /** Dives from another depth each time, so that the stack ends anywhere. */
    private static long diveFrom(int depth, DispatchMemory memory, List<MemoryRegion.Ram> made) {
      if (depth > 0) {
        return depth + diveFrom(depth - 1, memory, made);
      }
      dive(memory, made);
      return 0;
    }

    private static void dive(DispatchMemory memory, List<MemoryRegion.Ram> made) {
      try {
        dive(memory, made);
      } catch (StackOverflowError e) {
        MemoryRegion.Ram ram;
        try {
          ram = memory.ram("deep", Size.bytes(BYTES));
        } catch (StackOverflowError _) {
          throw e;
        }
        made.add(ram);
      }
    }

    /** The bytes in mappings that are multiples of the memory's size; the system joins neighbours. */
    private static long mapped() throws IOException {
      try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
        return mappings.mapToLong(Program::size).filter(bytes -> bytes % BYTES == 0).sum();
      }
    }

    private static long size(String mapping) {
      String[] bounds = mapping.split("[- ]", 3);
      return Long.parseUnsignedLong(bounds[1], 16) - Long.parseUnsignedLong(bounds[0], 16);
    }
  }

  @Test
  void memoryThatIsMadeWhereTheStackEndsLeavesNoMappingBehind() {
    assertEquals(List.of("left behind: 0"),
        ChildJvm.linesOf(Program.class, List.of("-XX:+UseSerialGC")).toList());
  }
}
