package io.flatview.examples.races.careless;

import io.flatview.memory.Size;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Arguments as careless users give them: what calls returned, edges of numbers, null, callbacks that call back. */
final class Values {

  private static final long[] EDGES = {
    0, 1, -1, 7, 8, 0xfff, 0x1000, 0x1001, 0xffff, 0x1_0000, Integer.MAX_VALUE, 1L << 32, 1L << 47, 1L << 62,
    Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final long[] SIZES = {0, 1, 8, 0xfff, 0x1000, 0x1001, 0x4000, 0x1_0000, 0x10_0000, 0x400_0000};
  private static final int DEPTH = 4;

  private final RandomGenerator random;
  private final Pool pool;
  private final Path file;
  private final InvocationHandler callbacks;
  private final MemorySegment ended;

  Values(RandomGenerator random, Pool pool, Path file, InvocationHandler callbacks) {
    this.random = random;
    this.pool = pool;
    this.file = file;
    this.callbacks = callbacks;
    try (Arena arena = Arena.ofShared()) {
      this.ended = arena.allocate(64);
    }
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** An argument of a type; null if none can be made. */
  Object of(Class<?> type) {
    return of(type, DEPTH);
  }

  Object[] forAll(Executable member) {
    return forEach(member, DEPTH);
  }

  private Object of(Class<?> type, int depth) {
    if (type.isPrimitive()) {
      return primitive(type);
    }
    if (oneIn(60)) {
      return null;
    }
    Object known = oneIn(8) ? null : pool.any(type, random);
    return known != null ? known : made(type, depth);
  }

  private Object primitive(Class<?> type) {
    if (type == long.class) {
      return number();
    } else if (type == int.class) {
      return oneIn(4) ? (int) number() : 1 << random.nextInt(4);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == byte.class) {
      return (byte) random.nextInt();
    } else if (type == short.class) {
      return (short) random.nextInt();
    } else if (type == char.class) {
      return (char) random.nextInt(128);
    } else if (type == float.class) {
      return random.nextFloat();
    }
    return type == double.class ? random.nextDouble() : null;
  }

  /** Mostly an address or offset where something may be. */
  long number() {
    return switch (random.nextInt(6)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextLong(64);
      case 2 -> random.nextLong(0x20) * 0x1000 - random.nextLong(16);
      default -> random.nextLong(0x20) * 0x1000 + (oneIn(3) ? random.nextLong(0x1000) : 0);
    };
  }

  private Object made(Class<?> type, int depth) {
    if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    }
    Object plain = plain(type, depth);
    if (plain != null) {
      return plain;
    }
    if (type.isArray()) {
      return array(type.getComponentType(), depth);
    }
    if (type.isSealed() && depth > 0) {
      Class<?>[] kinds = type.getPermittedSubclasses();
      Class<?> kind = kinds[random.nextInt(kinds.length)];
      return Modifier.isPublic(kind.getModifiers()) ? of(kind, depth - 1) : null;
    }
    if (type.isInterface()) {
      return type.isSealed() ? null : callback(type);
    }
    return depth > 0 && Modifier.isPublic(type.getModifiers()) ? constructed(type, depth - 1) : null;
  }

  private Object plain(Class<?> type, int depth) {
    if (type == String.class) {
      return List.of("", "ram", "hart0", "a\nb", "x".repeat(300)).get(random.nextInt(5));
    } else if (type == Size.class) {
      return oneIn(12)
          ? (oneIn(3) ? Size.FULL : Size.bytes(number()))
          : Size.bytes(SIZES[random.nextInt(SIZES.length)]);
    } else if (type == MemorySegment.class) {
      return segment();
    } else if (type == ByteOrder.class) {
      return random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    } else if (type == Path.class) {
      return oneIn(4) ? file.resolveSibling("missing") : file;
    } else if (type == Duration.class) {
      return List.of(Duration.ZERO, Duration.ofMillis(2), Duration.ofNanos(1), Duration.ofMillis(-1))
          .get(random.nextInt(4));
    } else if (type == Object.class) {
      return oneIn(2) ? "object" : new Object();
    } else if (type == Thread.class) {
      return Thread.currentThread();
    } else if (type == Throwable.class) {
      return new IllegalStateException("careless");
    } else if (type == BitSet.class) {
      return BitSet.valueOf(new long[] {random.nextLong()});
    } else if (type == Appendable.class) {
      return new StringWriter();
    }
    return container(type, depth);
  }

  private Object container(Class<?> type, int depth) {
    if (type == List.class || type == Iterable.class || type == java.util.Collection.class) {
      return List.of();
    } else if (type == Set.class) {
      return Set.of();
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == Optional.class) {
      return Optional.empty();
    } else if (type == OptionalLong.class) {
      return oneIn(2) ? OptionalLong.empty() : OptionalLong.of(number());
    }
    return null;
  }

  /** Memory of this process that accesses may use as a buffer, or as guest memory; never guest memory itself. */
  private MemorySegment segment() {
    return switch (random.nextInt(8)) {
      case 0 -> ended;
      case 1 -> MemorySegment.ofArray(new byte[random.nextInt(64)]).asReadOnly();
      case 2 -> MemorySegment.NULL;
      case 3 -> Arena.ofAuto().allocate(0x1000, 8);
      case 4 -> MemorySegment.ofArray(new long[random.nextInt(600)]);
      default -> MemorySegment.ofArray(new byte[random.nextInt(0x1800)]);
    };
  }

  private Object array(Class<?> component, int depth) {
    Object array = Array.newInstance(component, random.nextInt(component.isPrimitive() ? 64 : 3));
    for (int i = 0; i < Array.getLength(array) && !component.isPrimitive(); i++) {
      Array.set(array, i, of(component, depth));
    }
    return array;
  }

  private Object callback(Class<?> type) {
    return Proxy.newProxyInstance(Values.class.getClassLoader(), new Class<?>[] {type}, callbacks);
  }

  private Object constructed(Class<?> type, int depth) {
    Constructor<?>[] all = type.getConstructors();
    try {
      if (all.length != 0 && !Modifier.isAbstract(type.getModifiers()) && !oneIn(3)) {
        Constructor<?> chosen = all[random.nextInt(all.length)];
        return chosen.newInstance(forEach(chosen, depth));
      }
      return factory(type, depth);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private Object factory(Class<?> type, int depth) throws ReflectiveOperationException {
    List<Method> made = java.util.stream.Stream.of(type.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType()))
        .toList();
    if (made.isEmpty()) {
      return null;
    }
    Method chosen = made.get(random.nextInt(made.size()));
    return chosen.invoke(null, forEach(chosen, depth));
  }

  private Object[] forEach(Executable member, int depth) {
    Class<?>[] types = member.getParameterTypes();
    Type[] generic = member.getGenericParameterTypes();
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = filled(generic[i], depth).orElse(of(types[i], depth));
    }
    return values;
  }

  /** A set or list of one, if it is known of what. */
  private Optional<Object> filled(Type type, int depth) {
    if (oneIn(4) || !(type instanceof ParameterizedType container)
        || !(container.getActualTypeArguments()[0] instanceof Class<?> element)) {
      return Optional.empty();
    }
    Object one = of(element, depth);
    if (one == null) {
      return Optional.empty();
    }
    return container.getRawType() == Set.class ? Optional.of(Set.of(one))
        : container.getRawType() == List.class ? Optional.of(List.of(one)) : Optional.empty();
  }
}
