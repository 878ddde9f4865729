package io.flatview.dispatch;

import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.List;

/** Views as text that a test can hold against the expected: {@code 1000-1fff rom @0 ro}. */
final class Picture {

  private Picture() {}

  static List<String> of(FlatView view) {
    return of(view.sections());
  }

  static List<String> of(List<MemoryRegionSection> sections) {
    return sections.stream().map(Picture::of).toList();
  }

  static String of(MemoryRegionSection section) {
    return Long.toHexString(section.range().first()) + "-" + Long.toHexString(section.range().last()) + " "
        + section.region().name() + " @" + Long.toHexString(section.offsetInRegion()) + of(section.attributes());
  }

  private static String of(SectionAttributes attributes) {
    return (attributes.readOnly() ? " ro" : "")
        + (attributes.nonVolatile() ? " nv" : "")
        + (attributes.romdMode() ? " romd" : "")
        + (attributes.noFetch() ? " nofetch" : "")
        + (attributes.unmergeable() ? " unmergeable" : "")
        + (attributes.dirtyLogMask() == 0 ? "" : " log=" + Integer.toHexString(attributes.dirtyLogMask()));
  }
}
