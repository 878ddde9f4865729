package io.flatview.dispatch.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.ram.HostMemory;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where memory is touched at last, a size that is not thought of is refused, and never taken for another one. */
class ValueSizeTest {

  private static final long PATTERN = 0x0123_4567_89ab_cdefL;

  private static void assertRefused(int size, Executable access) {
    assertEquals("a value of " + size + " bytes in memory; 1, 2, 4 and 8 are possible",
        assertThrows(IllegalArgumentException.class, access).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 5, 6, 7, 9, 16, 32})
  void aSizeThatIsNoneIsRefusedAndNothingIsWritten(int size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(64, 64);
      memory.set(ValueLayout.JAVA_LONG, 0, PATTERN);
      assertRefused(size, () -> LittleEndian.get(memory, 0, size));
      assertRefused(size, () -> LittleEndian.set(memory, 0, size, 1));
      assertRefused(size, () -> HostMemory.get(memory.address(), size));
      assertRefused(size, () -> HostMemory.set(memory.address(), size, 1));
      assertEquals(PATTERN, memory.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 16})
  void noAtomicOperationHasASizeThatIsNone(int size) {
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      try (MemoryRegion.Ram ram = memory.ram("ram", Size.bytes(0x1000))) {
        RamBlock block = RegionNode.of(ram).ram();
        assertRefused(size, () -> AtomicMemory.compareAndExchange(block, 0, size, 0, 1));
        assertEquals(0, LittleEndian.get(block.segment(), 0, 8));
      }
      policy.barrier();
    }
  }
}
