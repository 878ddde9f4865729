package io.flatview.dispatch.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine that is not recorded does not pay for the Flight Recorder, whose events take longer than its start. */
class UnrecordedTest {

  /** A commit and a failed access. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) {
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
          MemorySystem memory = DispatchMemory.create(policy)) {
        MemoryRegion.Container system = memory.container("system", Size.FULL);
        AddressSpace bus = memory.addressSpace("bus", system);
        memory.update(tx -> tx.addSubregion(system, 0x1000, memory.ram("ram", Size.kib(4))));
        memory.reader().load(bus, 0x9000, 4);
        System.out.println("done");
      }
    }
  }

  @Test
  void withoutARecordingOnlyTheQuestionForOneLoadsAClass() {
    List<String> lines = ChildJvm.linesOf(Program.class, List.of("-Xlog:class+load")).toList();
    assertEquals(List.of("done"), lines.stream().filter("done"::equals).toList());
    List<String> loaded = lines.stream().filter(line -> line.contains(" jdk.jfr.")).toList();
    assertEquals(1, loaded.size(), loaded::toString);
  }
}
