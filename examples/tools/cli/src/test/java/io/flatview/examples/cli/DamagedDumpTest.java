package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happened to a dump on its way, it is either still one, or its problems are reported. */
class DamagedDumpTest {

  private static final int ROUNDS = 1_500;
  private static final int LONGEST_PIECE = 200;
  private static final String CHARACTERS = "0123456789abcdef -@:()[]\t\n,.xR";

  private final List<Path> files = Dumps.endingWith(".txt").stream()
      .filter(file -> Dumps.read(file).length() > 4 * LONGEST_PIECE)
      .toList();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDamagedDumpNeverFailsOtherwiseThanWithProblems(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      for (int round = 0; round < ROUNDS; round++) {
        refused += isRefused(damage(random), policy) ? 1 : 0;
      }
    }
    assertTrue(refused > ROUNDS / 2 && refused < ROUNDS, refused + " refused");
  }

  @Test
  void aDumpThatEndsAnywhereButAtItsEndIsRefused() {
    String text = Dumps.read(Dumps.file("tie.model.txt"));
    int views = text.indexOf("F\t");
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      for (int end = 1; end < views - 1; end++) {
        assertTrue(isRefused(text.substring(0, end), policy), text.substring(0, end));
      }
      assertFalse(isRefused(text, policy));
    }
  }

  private static boolean isRefused(String text, ReclaimPolicy policy) {
    try {
      Notes notes = new Notes();
      read(text, notes, policy);
      return !notes.isEmpty();
    } catch (DumpException e) {
      return true;
    }
  }

  private static void read(String text, Notes notes, ReclaimPolicy policy) {
    MachineDescription machine =
        MachineLoader.read("damaged", text.getBytes(StandardCharsets.UTF_8), notes).description();
    try (MachineHost host = MachineHost.open("damaged", machine, policy)) {
      host.inspect().tree();
      host.inspect().flatViews();
    }
  }

  private String damage(Random random) {
    StringBuilder text = new StringBuilder(Dumps.read(files.get(random.nextInt(files.size()))));
    for (int blow = random.nextInt(3); blow >= 0; blow--) {
      damage(text, random.nextInt(text.length() - LONGEST_PIECE), random);
    }
    return text.toString();
  }

  private static void damage(StringBuilder text, int at, Random random) {
    char character = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    int end = at + random.nextInt(LONGEST_PIECE);
    switch (random.nextInt(5)) {
      case 0 -> text.setCharAt(at, character);
      case 1 -> text.insert(at, character);
      case 2 -> text.deleteCharAt(at);
      case 3 -> text.delete(at, end);
      default -> text.insert(at, text.substring(at, end));
    }
  }
}
