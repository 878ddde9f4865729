package io.flatview.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.mapping.host.LinuxMemory;
import io.flatview.rcu.contract.ChildJvm;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Unmapping must not stop threads that have nothing to do with it, as closing a shared arena does. */
class HandshakeTest {

  private static final int MAPPINGS = 50;

  /** Maps and unmaps; with an argument, without native calls. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Files.write(Files.createTempFile("handshake", ".map"), new byte[100]);
      try (ManualReclaimPolicy policy = new ManualReclaimPolicy()) {
        Mappings mappings =
            Mappings.of(policy, false, arguments.length == 0 ? LinuxMemory.present() : Optional.empty());
        for (int i = 0; i < MAPPINGS; i++) {
          mappings.file(file, Mapping.Use.READ).close();
          mappings.anonymous(100).close();
          policy.runGracePeriod();
        }
        System.out.println("unmapped " + policy.statistics().reclaimed());
      } finally {
        Files.delete(file);
      }
    }
  }

  private static long handshakes(String... arguments) {
    List<String> lines =
        ChildJvm.linesOf(Program.class, List.of("-Xlog:handshake*=debug"), arguments).toList();
    assertTrue(lines.contains("unmapped " + 2 * MAPPINGS), lines::toString);
    return lines.stream().filter(line -> line.contains("CloseScopedMemory")).count();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void unmappingStopsNoThread() {
    assertEquals(0, handshakes());
  }

  /** What the rule above would not be noticed without. */
  @Test
  void closingAnArenaStopsThemAll() {
    assertTrue(handshakes("portable") >= MAPPINGS);
  }
}
