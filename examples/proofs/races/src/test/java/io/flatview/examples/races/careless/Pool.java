package io.flatview.examples.races.careless;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;

/** What calls have returned, by public type, for other calls and other threads; a few of each. Thread-safe. */
final class Pool {

  private static final int EACH = 12;

  private final List<Class<?>> types;
  private final Map<Class<?>, List<Class<?>>> typesOf = new ConcurrentHashMap<>();
  private final Map<Class<?>, AtomicReferenceArray<Object>> objects = new ConcurrentHashMap<>();

  Pool(List<Class<?>> types) {
    this.types = types;
  }

  void add(Object object, RandomGenerator random) {
    for (Class<?> type : typesOf.computeIfAbsent(object.getClass(), this::typesOf)) {
      slots(type).set(random.nextInt(EACH), object);
    }
  }

  private List<Class<?>> typesOf(Class<?> type) {
    return types.stream().filter(each -> each.isAssignableFrom(type)).toList();
  }

  private AtomicReferenceArray<Object> slots(Class<?> type) {
    return objects.computeIfAbsent(type, _ -> new AtomicReferenceArray<>(EACH));
  }

  /** One of a type, or null if none is found. */
  Object any(Class<?> type, RandomGenerator random) {
    AtomicReferenceArray<Object> slots = objects.get(type);
    if (slots == null) {
      return null;
    }
    int first = random.nextInt(EACH);
    for (int i = 0; i < EACH; i++) {
      Object object = slots.get((first + i) % EACH);
      if (object != null) {
        return object;
      }
    }
    return null;
  }
}
