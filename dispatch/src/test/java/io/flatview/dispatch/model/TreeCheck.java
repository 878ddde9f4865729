package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryRegion;
import java.util.List;

/** Compares every property of every region with the model's. */
final class TreeCheck {

  private TreeCheck() {}

  static void verify(ModelMap map, RealMap real) {
    Painter order = new Painter(map, new Rules());
    for (ModelRegion region : map.regions.values()) {
      String expected = describe(order, region);
      String actual = describe(real, real.region(region.id));
      if (!expected.equals(actual)) {
        assertEquals(expected, actual, "region r" + region.id);
      }
    }
  }

  private static String describe(Painter order, ModelRegion region) {
    return "parent " + region.parent + " at " + region.address.toString(16) + " priority " + region.priority
        + " size " + region.size.toString(16) + " flags " + region.enabled + region.readOnly + region.nonVolatile
        + region.unmergeable + region.noFetch + region.romdMode + region.dirtyLogMask
        + " offset " + region.targetOffset.toString(16)
        + " children " + order.childrenOf(region).stream().map(child -> child.id).toList();
  }

  private static String describe(RealMap real, MemoryRegion region) {
    int parent = region.parent().map(real::number).orElse(ModelRegion.NONE);
    boolean romdMode = region instanceof MemoryRegion.RomDevice device && device.isRomdMode();
    long targetOffset = region instanceof MemoryRegion.Alias alias ? alias.targetOffset() : 0;
    return "parent " + parent + " at " + Long.toHexString(region.address()) + " priority " + region.priority()
        + " size " + region.size().toString().substring(2) + " flags " + region.isEnabled() + region.isReadOnly()
        + region.isNonVolatile() + region.isUnmergeable() + region.isNoFetch() + romdMode + region.dirtyLogMask()
        + " offset " + Long.toHexString(targetOffset) + " children " + children(real, region);
  }

  private static List<Integer> children(RealMap real, MemoryRegion region) {
    return region instanceof MemoryRegion.Parent parent
        ? parent.children().stream().map(real::number).toList()
        : List.of();
  }
}
