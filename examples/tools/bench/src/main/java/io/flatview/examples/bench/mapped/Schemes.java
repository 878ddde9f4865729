package io.flatview.examples.bench.mapped;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All schemes by name, in the order of the table. */
public final class Schemes {

  private static final Map<String, Function<Path, Scheme>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("epoch", first -> new RcuScheme("epoch", first, true));
    ALL.put("epoch implicit", first -> new RcuScheme("epoch", first, false));
    ALL.put("qsbr", first -> new RcuScheme("qsbr", first, true));
    ALL.put("refcount", first -> new RcuScheme("refcount", first, true));
    ALL.put("hazard pointers", HandMade.Hazards::new);
    ALL.put("AtomicLong counts", HandMade.Counts::new);
    ALL.put("StampedLock", HandMade.StampLocked::new);
    ALL.put("ReentrantReadWriteLock", HandMade.ReadWriteLocked::new);
    ALL.put("Arena.ofShared", HandMade.SharedArena::new);
    ALL.put("Arena.ofAuto", HandMade.AutoArena::new);
  }

  private Schemes() {}

  /**
   * The schemes to measure.
   *
   * @return names
   */
  public static List<String> names() {
    return new ArrayList<>(ALL.keySet());
  }

  static Scheme of(String name, Path first) {
    return ALL.get(name).apply(first);
  }
}
