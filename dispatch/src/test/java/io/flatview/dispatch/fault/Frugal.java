package io.flatview.dispatch.fault;

import java.util.Set;

/** Which methods of other modules are known to allocate nothing; the others are taken to. */
final class Frugal {

  private static final Set<String> OWNERS = Set.of(
      "java/lang/Object", "java/lang/Math", "java/lang/Record", "java/lang/Enum",
      "java/util/concurrent/atomic/AtomicLong", "java/util/concurrent/atomic/AtomicBoolean",
      "java/util/concurrent/atomic/AtomicInteger");

  private static final Set<String> METHODS = Set.of(
      "get", "getOrDefault", "getFirst", "getLast", "size", "isEmpty", "isPresent", "contains", "containsKey", "remove",
      "clear", "poll", "peek", "pop", "hasNext", "next", "currentThread", "isAlive", "nanoTime", "arraycopy",
      "requireNonNull", "compareUnsigned", "compare", "numberOfTrailingZeros", "numberOfLeadingZeros", "bitCount",
      "lowestOneBit", "highestOneBit", "length", "charAt", "equals", "hashCode", "longValue", "intValue", "isDone",
      "dereferenceProtected", "assign", "orElse", "accept", "test", "apply", "run", "getAsLong", "set", "setRelease",
      "getAcquire", "fence", "close");

  private Frugal() {}

  static boolean mayAllocate(String owner, String method) {
    return (owner.startsWith("java/") || owner.startsWith("io/flatview/rcu/"))
        && !OWNERS.contains(owner) && !METHODS.contains(method);
  }
}
