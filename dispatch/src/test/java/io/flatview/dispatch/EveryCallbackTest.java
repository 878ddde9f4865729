package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Some change calls each callback of a listener, and each property is asked: a new one needs a change here. */
class EveryCallbackTest extends OnADevice {

  private final Set<String> called = new TreeSet<>();
  private String refused = "";

  private MemoryListener listener() {
    return (MemoryListener) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {MemoryListener.class},
        (proxy, method, arguments) -> method.getDeclaringClass() == Object.class
            ? ofObject(proxy, method, arguments) : call(method));
  }

  private static Object ofObject(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> 0;
      default -> "listener";
    };
  }

  /** It wants everything but selections, which would hide banks from it. */
  private Object call(Method method) {
    called.add(method.getName());
    if (method.getName().equals(refused)) {
      throw new IllegalStateException("on purpose");
    }
    return method.getReturnType() == boolean.class ? (Object) !method.getName().equals("wantsSelections")
        : method.getReturnType() == int.class ? 0 : null;
  }

  @Test
  void someChangeCallsEachOfThem() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    DirtyClient client = memory.dirtyClient("client");
    place(0x8000, ram);
    space.addListener(listener());
    memory.update(tx -> tx.setAddress(ram, 0x9000));
    memory.update(tx -> tx.startLog(ram, client));
    memory.update(tx -> tx.stopLog(ram, client));
    Doorbell bell = Doorbell.at(0x10, 4, () -> { });
    memory.update(tx -> tx.addDoorbell(device, bell).addCoalesced(device, new AddressRange(0x100, 0x1ff)));
    memory.update(tx -> tx.removeDoorbell(device, bell).clearCoalesced(device));
    refused = "regionAdd";
    assertFault(MapFault.Id.LISTENER_FAILED, () -> memory.update(tx -> tx.setAddress(ram, 0xa000)), "on purpose");
    refused = "";
    assertEquals(Arrays.stream(MemoryListener.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers())).map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new)), called);
  }
}
