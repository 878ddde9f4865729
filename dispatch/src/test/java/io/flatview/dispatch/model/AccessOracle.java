package io.flatview.dispatch.model;

import io.flatview.memory.Access;
import io.flatview.memory.MemTxResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** What loads and stores do, on byte arrays. */
final class AccessOracle {

  private final Map<Integer, byte[]> memory = new HashMap<>();
  private final Map<Integer, ByteDevice> devices = new HashMap<>();
  private final IntConsumer touched;
  private MemTxResult result = MemTxResult.OK;

  /** {@code touched} hears of every region whose memory is used. */
  AccessOracle(IntConsumer touched) {
    this.touched = touched;
  }

  MemTxResult result() {
    return result;
  }

  long load(ModelMap map, List<ModelSection> view, long address, int size) {
    result = MemTxResult.OK;
    if (isWhole(map, view, address, size, Access.READ)) {
      return loadOnce(map, ModelSection.at(view, address), address, size);
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= loadOnce(map, ModelSection.at(view, address + i), address + i, 1) << (8 * i);
    }
    return value;
  }

  /** What answers at the first byte does so to the last; or a device does at both, whatever lies over it between. */
  private static boolean isWhole(ModelMap map, List<ModelSection> view, long address, int size, Access access) {
    ModelSection section = ModelSection.at(view, address);
    return section != null
        && (Long.compareUnsigned(section.last() - address, size - 1) >= 0
            || isDevice(map, section, access)
                && goesOn(section, ModelSection.at(view, address + size - 1), address, size));
  }

  private static boolean isDevice(ModelMap map, ModelSection section, Access access) {
    Kind kind = map.region(section.region()).kind;
    return kind == Kind.MMIO
        || kind == Kind.ROM_DEVICE && !kind.isMemoryFor(access, section.attributes().romdMode());
  }

  private static boolean goesOn(ModelSection section, ModelSection last, long address, int size) {
    return last != null
        && Long.compareUnsigned(address + size - 1, address) > 0
        && last.region() == section.region()
        && last.offsetOf(address + size - 1) == section.offsetOf(address) + size - 1
        && last.attributes().readOnly() == section.attributes().readOnly();
  }

  private long loadOnce(ModelMap map, ModelSection section, long address, int size) {
    if (section == null) {
      return failed();
    }
    ModelRegion region = map.region(section.region());
    long offset = section.offsetOf(address);
    return switch (region.kind) {
      case RAM, ROM -> loadMemory(region, offset, size);
      case ROM_DEVICE -> section.attributes().romdMode()
          ? loadMemory(region, offset, size)
          : device(region).read(offset, size);
      case MMIO -> device(region).read(offset, size);
      case CONTAINER, RESERVED, ALIAS -> failed();
    };
  }

  private long failed() {
    result = result.or(MemTxResult.DECODE_ERROR);
    return 0;
  }

  private long loadMemory(ModelRegion region, long offset, int size) {
    byte[] bytes = memory(region);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[(int) offset + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  MemTxResult store(ModelMap map, List<ModelSection> view, long address, int size, long value) {
    result = MemTxResult.OK;
    if (isWhole(map, view, address, size, Access.WRITE)) {
      storeOnce(map, ModelSection.at(view, address), address, size, value);
      return result;
    }
    for (int i = 0; i < size; i++) {
      storeOnce(map, ModelSection.at(view, address + i), address + i, 1, value >>> (8 * i));
    }
    return result;
  }

  private void storeOnce(ModelMap map, ModelSection section, long address, int size, long value) {
    Kind kind = section == null || section.attributes().readOnly() ? Kind.RESERVED : map.region(section.region()).kind;
    switch (kind) {
      case RAM -> storeMemory(map.region(section.region()), section.offsetOf(address), size, value);
      case MMIO, ROM_DEVICE ->
          device(map.region(section.region())).write(section.offsetOf(address), size, value);
      case ROM, CONTAINER, RESERVED, ALIAS -> failed();
    }
  }

  private void storeMemory(ModelRegion region, long offset, int size, long value) {
    byte[] bytes = memory(region);
    for (int i = 0; i < size; i++) {
      bytes[(int) offset + i] = (byte) (value >>> (8 * i));
    }
  }

  private byte[] memory(ModelRegion region) {
    touched.accept(region.id);
    return memory.computeIfAbsent(region.id, _ -> new byte[region.size.intValueExact()]);
  }

  private ByteDevice device(ModelRegion region) {
    return devices.computeIfAbsent(region.id, ByteDevice::new);
  }
}
