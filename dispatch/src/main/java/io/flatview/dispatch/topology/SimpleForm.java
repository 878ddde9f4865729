package io.flatview.dispatch.topology;

import io.flatview.memory.MemTx;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioHandler;

/** Which devices have the simple form only: a call of it spares a second one, to the method that leads there. */
final class SimpleForm {

  private static final ClassValue<Boolean> SIMPLE = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return isInherited(type, "read", long.class, int.class, MemTx.class)
          && isInherited(type, "write", long.class, int.class, long.class, MemTx.class);
    }
  };

  private SimpleForm() {}

  /** The device, or null if it looks at what the simple form does not tell. */
  static MmioHandler of(MmioDevice device) {
    return device instanceof MmioHandler handler && SIMPLE.get(device.getClass()) ? handler : null;
  }

  private static boolean isInherited(Class<?> type, String method, Class<?>... parameters) {
    try {
      return type.getMethod(method, parameters).getDeclaringClass() == MmioHandler.class;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
