package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.ViewRoot;
import io.flatview.dispatch.view.VisiblePart;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A component that is added to a record which writes out its equality must be added there, too. */
class WrittenEqualityTest {

  private static final String INHERITED = "io.flatview.dispatch.view.Inherited";

  private final ReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final RegionNode node = RegionNode.of(memory.container("node", Size.kib(4)));

  @AfterEach
  void close() {
    memory.close();
    policy.close();
  }

  private static Constructor<?> constructor(Class<?> type) throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }

  /** A value of a component; numbers grow from one component to the next, as bounds of ranges must. */
  private Object value(Class<?> type, int at, boolean other) throws ReflectiveOperationException {
    return switch (type.getSimpleName()) {
      case "boolean" -> other;
      case "int" -> 10 * at + (other ? 1 : 0);
      case "long" -> 10L * at + (other ? 1 : 0);
      case "Size" -> Size.bytes(other ? 2 : 1);
      case "RegionNode", "ParentNode" -> other ? node : null;
      case "VisiblePart" -> new VisiblePart(0, 0, other ? 1 : 0);
      case "RegionFlags" -> constructor(type).newInstance(other, false, false, false, 0);
      case "Inherited" -> constructor(type).newInstance(other, false, false, false);
      default -> throw new AssertionError("no value of " + type);
    };
  }

  private Object[] values(Class<?> type, int changed) throws ReflectiveOperationException {
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      values.add(value(component.getType(), values.size(), values.size() == changed));
    }
    return values.toArray();
  }

  private Object made(Class<?> type, int changed) throws ReflectiveOperationException {
    return constructor(type).newInstance(values(type, changed));
  }

  @Test
  void everyComponentCounts() throws ReflectiveOperationException {
    for (Class<?> type : List.of(
        AddressRange.class, VisiblePart.class, ViewRoot.class, Class.forName(INHERITED))) {
      assertEquals(made(type, -1), made(type, -1));
      assertEquals(made(type, -1).hashCode(), made(type, -1).hashCode());
      for (int i = 0; i < type.getRecordComponents().length; i++) {
        assertNotEquals(made(type, -1), made(type, i), type + ", component " + i);
        assertNotEquals(made(type, -1).hashCode(), made(type, i).hashCode(), type + ", component " + i);
      }
    }
  }

  @Test
  void everyPropertyOfARegionCounts() throws ReflectiveOperationException {
    for (String name : List.of("RegionState", "RegionFlags")) {
      Class<?> type = Class.forName("io.flatview.dispatch.topology." + name);
      Method same = type.getDeclaredMethod("isSameAs", type);
      same.setAccessible(true);
      assertTrue((boolean) same.invoke(made(type, -1), made(type, -1)));
      for (int i = 0; i < type.getRecordComponents().length; i++) {
        assertFalse((boolean) same.invoke(made(type, -1), made(type, i)), type + ", component " + i);
      }
    }
  }
}
