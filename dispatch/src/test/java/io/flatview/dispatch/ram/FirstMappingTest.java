package io.flatview.dispatch.ram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ChildJvm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first memory that a JVM maps, in a thread that is out of stack. Another JVM, since this one has mapped some. */
class FirstMappingTest {

  /** Touches memory at the end of the stack, and then with ever more of it; then in another thread. */
  static final class Program {

    private static final MemorySegment ONE = MemorySegment.ofArray(new byte[] {1});

    private Program() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
          DispatchMemory memory = DispatchMemory.create(policy)) {
        MemoryRegion.Ram others = memory.ram("not mapped here", RamBacking.of(Arena.global().allocate(4096)));
        others.copyIn(0, ONE);
        MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
        Thread diver = new Thread(null, () -> touchAtTheEnd(ram), "diver", 512 << 10);
        diver.start();
        diver.join();
        ram.copyIn(0, ONE);
        ram.close();
        others.close();
        System.out.println("mapped");
      }
    }

    private static void touchAtTheEnd(MemoryRegion.Ram ram) {
      try {
        dive(ram);
      } catch (StackOverflowError _) {
        System.out.println("overflowed");
      }
    }

    private static void dive(MemoryRegion.Ram ram) {
      try {
        dive(ram);
      } catch (StackOverflowError e) {
        ram.copyIn(0, ONE);
        throw e;
      }
    }
  }

  /** Forbidden: what the JDK was about to make for the system call is lost, and no memory can be mapped any more. */
  @Test
  void aStackThatEndsThereSpoilsNoLaterMapping() {
    assertEquals(List.of("overflowed", "mapped"), ChildJvm.linesOf(Program.class, List.of()).toList());
  }
}
