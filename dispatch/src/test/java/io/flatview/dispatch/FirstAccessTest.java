package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What the JVM loads and makes from the start of a program to its first access, which is most of its CPU time. Bounds a
 * little above what is needed: DECISIONS.md says what each kind costs.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FirstAccessTest {

  private static final String MARK = "accessed";
  private static final Pattern MADE = Pattern.compile(" io\\.flatview\\.\\S+\\$\\$(Lambda|TypeSwitch)");

  /** A machine with memory and a device. */
  static final class Program {

    /** A host that is held up in an access would have that reported, and the log loaded. */
    private static final ReclaimOptions WITHOUT_REPORTS =
        ReclaimOptions.defaults().withStallThreshold(Duration.ofHours(1));

    private Program() {}

    public static void main(String[] arguments) {
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch", WITHOUT_REPORTS);
          MemorySystem memory = DispatchMemory.create(policy)) {
        MemoryRegion.Container system = memory.container("system", Size.FULL);
        AddressSpace bus = memory.addressSpace("bus", system);
        memory.update(tx -> tx
            .addSubregion(system, 0x8000_0000L, memory.ram("ram", Size.mib(16)))
            .addSubregion(system, 0x1000_0000L, memory.mmio("uart", Size.kib(4), new Uart())));
        try (MapReader reader = memory.newReader("cpu")) {
          reader.store(bus, 0x8000_0000L, 4, 42);
          reader.load(bus, 0x1000_0000L, 4);
          System.out.println(MARK);
        }
      }
    }
  }

  private static final class Uart implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  }

  private static List<String> loaded() {
    List<String> lines = ChildJvm.linesOf(Program.class, List.of("-Xlog:class+load")).toList();
    assertTrue(lines.contains(MARK), () -> String.join("\n", lines));
    return lines.subList(0, lines.indexOf(MARK)).stream()
        .filter(line -> !line.contains(FirstAccessTest.class.getName())).toList();
  }

  private static void assertAtMost(int most, List<String> loaded, Predicate<String> kind) {
    List<String> found = loaded.stream().filter(kind).toList();
    assertTrue(found.size() <= most, () -> found.size() + " instead of " + most + ":\n" + String.join("\n", found));
  }

  @Test
  void littleIsLoadedAndLinkedBeforeTheFirstAccess() {
    List<String> loaded = loaded();
    assertAtMost(32, loaded, MADE.asPredicate());
    assertAtMost(330, loaded, line -> line.contains(" io.flatview.") && !line.contains("$$"));
    List<String> dearOnes =
        List.of(" java.util.logging.", " jdk.internal.logger.", "ObjectMethods", "StringConcatFactory");
    for (String dear : dearOnes) {
      assertEquals(List.of(), loaded.stream().filter(line -> line.contains(dear)).toList());
    }
  }
}
