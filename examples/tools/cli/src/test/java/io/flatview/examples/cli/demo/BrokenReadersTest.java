package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Broken twins of the read side: each breaks one promise of the memory system, and the demo must notice. */
class BrokenReadersTest {

  private static final int FIRST_MILLIS = 300;

  /** A machine that does other things as well needs longer to show what is wrong. */
  private static final int MOST_MILLIS = 60_000;

  /** Makes a broken twin of a reader. */
  private interface Twin {
    InvocationHandler of(MemorySystem memory, MapReader reader);
  }

  private static void assertCaught(Twin twin, Set<FindingKind> asOneOf)
      throws InterruptedException {
    Map<FindingKind, Long> wrong = Map.of();
    int time = FIRST_MILLIS;
    while (time < MOST_MILLIS && wrong.keySet().stream().noneMatch(asOneOf::contains)) {
      wrong = run(twin, time);
      time *= 2;
    }
    Map<FindingKind, Long> found = wrong;
    assertTrue(found.keySet().stream().anyMatch(asOneOf::contains), found::toString);
    assertFalse(found.containsKey(FindingKind.FAILED), found::toString);
  }

  private static Map<FindingKind, Long> run(Twin twin, int millis) throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemorySystem broken = proxy(MemorySystem.class, new BrokenMemory(memory, twin));
      DemoSettings settings = new DemoSettings(Duration.ofMillis(millis), 2, true);
      return Demo.run(settings, broken, SmallMachine.build(memory), policy).wrong();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Object target, Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * Commit 7 returns; a section is entered; it sees the map of commit 6, since an older section is still open below it.
   */
  @Test
  void aReaderThatGoesOnWithAnOldMapIsCaught() throws InterruptedException {
    assertCaught((_, reader) -> new LaggingReader(reader), EnumSet.of(FindingKind.OUTDATED));
  }

  /** A section reads the main space in one generation, and the second address space in whichever is the newest. */
  @Test
  void aReaderThatSeesTwoAddressSpacesInDifferentGenerationsIsCaught() throws InterruptedException {
    assertCaught(SplitReader::new, EnumSet.of(FindingKind.MIXED, FindingKind.AHEAD, FindingKind.CHANGED));
  }

  private record BrokenMemory(MemorySystem memory, Twin twin) implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      Object result = call(memory, method, arguments);
      return result instanceof MapReader reader && method.getName().equals("newReader")
          ? proxy(MapReader.class, twin.of(memory, reader))
          : result;
    }
  }

  /** Keeps a section open below those of its user, and renews it now and then. */
  private static final class LaggingReader implements InvocationHandler {

    private static final int RENEW_EVERY = 16;

    private final MapReader reader;
    private ReadSection below;
    private int entered;

    LaggingReader(MapReader reader) {
      this.reader = reader;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "enter" -> lag();
        case "close" -> below.close();
        case "quiescent" -> {
          return null;
        }
        default -> { }
      }
      return call(reader, method, arguments);
    }

    private void lag() {
      if (entered++ % RENEW_EVERY == 0) {
        if (below != null) {
          below.close();
        }
        below = reader.enter();
      }
    }
  }

  /** Loads from the second address space in sections of their own. */
  private static final class SplitReader implements InvocationHandler {

    private final MemorySystem memory;
    private final MapReader reader;
    private MapReader lastUsed;

    SplitReader(MemorySystem memory, MapReader reader) {
      this.memory = memory;
      this.reader = reader;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      return switch (method.getName()) {
        case "load", "store" -> call(lastUsed = choose((AddressSpace) arguments[0]), method, arguments);
        case "lastResult" -> lastUsed.lastResult();
        default -> call(reader, method, arguments);
      };
    }

    private MapReader choose(AddressSpace space) {
      return space.name().equals("dma") ? memory.reader() : reader;
    }
  }
}
