package io.flatview.dispatch.fault;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A memory system whose classes come from any class loader, and a look at what it keeps to itself. */
final class Machine {

  private static final String PACKAGE = "io.flatview.dispatch.";

  final MemorySystem memory;
  private final MethodHandle compare;

  Machine(ClassLoader loader, ReclaimPolicy policy) {
    try {
      Class<?> type = Class.forName(PACKAGE + "DispatchMemory", true, loader);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      memory = (MemorySystem) lookup.findStatic(type, "create", MethodType.methodType(type, ReclaimPolicy.class))
          .invoke(policy);
      compare = lookup.findVirtual(type, "compareWithRebuild", MethodType.methodType(List.class)).bindTo(memory);
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  @SuppressWarnings("unchecked")
  List<String> compareWithRebuild() {
    try {
      return (List<String>) compare.invoke();
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  /** How many taps are attached. */
  int taps() {
    Object table = look(look(memory, "topology"), "taps");
    Map<?, ?> regions = (Map<?, ?>) look(table, "regions");
    return size(look(table, "spaces")) + regions.values().stream().mapToInt(Machine::size).sum();
  }

  private static int size(Object tapTree) {
    return nodes(look(tapTree, "root"));
  }

  private static int nodes(Object node) {
    return node == null ? 0 : 1 + nodes(look(node, "left")) + nodes(look(node, "right"));
  }

  /** How many blocks of memory are open. */
  int blocks() {
    return ((Collection<?>) look(look(look(memory, "allocator"), "blocks"), "elements")).size();
  }

  /** How many changes are not final. */
  int unfinished() {
    return (int) look(look(look(memory, "topology"), "undoLog"), "size");
  }

  static boolean isClosed(MemoryRegion region) {
    return (boolean) look(look(region, "state"), "closed");
  }

  /** How often a block is counted. */
  static long uses(MemoryRegion.Memory region) {
    return ((AtomicLong) look(look(region, "ram"), "uses")).get();
  }

  private static Object look(Object object, String name) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
      } catch (NoSuchFieldException _) {
        // One of a superclass's.
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("no field " + name + " in " + object.getClass());
  }
}
