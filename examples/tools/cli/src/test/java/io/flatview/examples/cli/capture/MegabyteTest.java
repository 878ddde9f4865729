package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.CpuTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A megabyte of text, whatever its shape, is read and shown within a second of CPU time and in 200 MB of heap; on a
 * machine that is slower than usual, in as much more time as it needs for other work on text.
 */
class MegabyteTest {

  private static final int MEGABYTE = 1 << 20;
  private static final String HEAP = "-Xmx200m";
  private static final double MOST_SECONDS = 1;

  /** On a busy machine, code is compiled late. */
  private static final int MOST_ROUNDS = 10;

  private static final double LONG_ENOUGH_SECONDS = 20;

  @Test
  @Timeout(1200)
  void eachShapeOfAMegabyteIsReadWithinASecondIn200Megabytes() throws Exception {
    Process child = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP, "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        MegabyteTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    child.waitFor(1, TimeUnit.MINUTES);
    System.out.println(printed);
    assertEquals(0, child.exitValue(), printed);
  }

  /**
   * Reads each shape three times, or until it is fast enough.
   *
   * @param args none
   */
  public static void main(String[] args) {
    double most = MOST_SECONDS * Yardstick.factor();
    System.out.printf("at most %.0f ms%n", most * 1000);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      for (Shape shape : Shape.values()) {
        double seconds = best(shape.text().getBytes(StandardCharsets.ISO_8859_1), policy, most);
        System.out.printf("%-22s %4.0f ms%n", shape.name().toLowerCase(Locale.ROOT), seconds * 1000);
        if (seconds > most) {
          System.exit(1);
        }
      }
    }
  }

  private static double best(byte[] text, ReclaimPolicy policy, double most) {
    double best = Double.MAX_VALUE;
    double all = 0;
    for (int round = 0; round < 3 || best > most && round < MOST_ROUNDS && all < LONG_ENOUGH_SECONDS; round++) {
      double seconds = seconds(text, policy);
      best = Math.min(best, seconds);
      all += seconds;
    }
    return best;
  }

  private static double seconds(byte[] text, ReclaimPolicy policy) {
    long before = CpuTime.here();
    try {
      CaptureFuzzTest.readAndShow(text, policy);
    } catch (DumpException e) {
      // Refusing takes its time, too.
    }
    return (CpuTime.here() - before) / 1e9;
  }

  private enum Shape {

    DEVICES {
      @Override
      String text() {
        return tree(i -> line(2, i * 0x1000L, 0x1000, 0, "i/o", "dev" + i));
      }
    },
    DEVICES_THAT_OVERLAP {
      @Override
      String text() {
        return tree(i -> line(2, i * 0x800L, 0x80_0000, i % 3, "i/o", "dev" + i));
      }
    },
    DEVICES_IN_LEVELS {
      @Override
      String text() {
        return tree(i -> line(2 + i % 200, i / 200 * 0x10_0000L, 0x10_0000 - i % 200, 0, "i/o", "dev" + i));
      }
    },
    ALIASES {
      @Override
      String text() {
        List<String> targets = List.of("a", "b", "c", "d");
        return tree(i -> alias(i, targets.get(i % 4))) + "\n"
            + targets.stream().map(name -> "memory-region: " + name + "\n" + line(1, 0, 0x1000, 0, "ram", name) + "\n")
                .collect(Collectors.joining());
      }
    },
    ADDRESS_SPACES {
      @Override
      String text() {
        return filled(MEGABYTE, i -> "address-space: as" + i + "\n" + root("root" + i)
            + line(2, i * 0x1000L, 0x1000, 0, "ram", "ram" + i) + "\n");
      }
    },
    REGIONS_OF_ONE_NAME {
      @Override
      String text() {
        return filled(MEGABYTE, _ -> "memory-region: x\n" + line(1, 0, 0x1000, 0, "ram", "x") + "\n");
      }
    },
    FLAT_VIEW {
      @Override
      String text() {
        String heading = "FlatView #0\n AS \"memory\", root: system\n Root memory region: system\n";
        return heading + filled(MEGABYTE - heading.length(), i -> line(1, i * 0x1000L, 0x1000, 0, "i/o", "dev" + i));
      }
    },
    WRAPPED {
      @Override
      String text() {
        return within(DEVICES.text().replaceAll("(?m)^(.{40})", "$1\n"));
      }
    },
    QUOTED_PRINTABLE {
      @Override
      String text() {
        return within(DEVICES.text().replaceAll("(?m)^(.{20})(.{20})", "$1=\n$2"));
      }
    },
    WEB_PAGE {
      @Override
      String text() {
        return within("<pre>" + DEVICES.text().replace("\n", "<br>\n"));
      }
    },
    NOISE {
      @Override
      String text() {
        Random random = new Random(1);
        String signs = "0123456789abcdef-() \n:@";
        return filled(MEGABYTE, _ -> signs.charAt(random.nextInt(signs.length())) + "");
      }
    },
    ONE_LINE {
      @Override
      String text() {
        return within("address-space: memory " + "0".repeat(MEGABYTE));
      }
    };

    abstract String text();

    private static String tree(IntFunction<String> child) {
      String top = "address-space: memory\n" + root("system");
      return top + filled(MEGABYTE - top.length() - 1000, child);
    }

    private static String root(String name) {
      return "  0000000000000000-ffffffffffffffff (prio 0, i/o): " + name + "\n";
    }

    private static String line(int level, long start, long size, int priority, String type, String name) {
      return String.format("%s%016x-%016x (prio %d, %s): %s\n",
          "  ".repeat(level), start, start + size - 1, priority, type, name);
    }

    private static String alias(int i, String target) {
      return line(2, i * 0x1000L, 0x1000, 0, "ram",
          "alias al" + i + " @" + target + " 0000000000000000-0000000000000fff");
    }

    private static String filled(int size, IntFunction<String> part) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; text.length() < size; i++) {
        text.append(part.apply(i));
      }
      return text.toString();
    }

    private static String within(String text) {
      return text.substring(0, Math.min(text.length(), MEGABYTE));
    }
  }
}
