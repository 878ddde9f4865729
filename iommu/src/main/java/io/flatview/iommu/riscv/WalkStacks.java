package io.flatview.iommu.riscv;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The stacks of translations of an IOMMU, one for each thread. The IOMMU keeps the stacks, and the threads do not: a
 * thread of a pool outlives the machines that it ran, and a stack refers to the IOMMU. Thread-safe.
 */
final class WalkStacks {

  private final RiscvIommu iommu;
  private final Map<Thread, WalkStack> all = Collections.synchronizedMap(new WeakHashMap<>());
  private final ThreadLocal<WeakReference<WalkStack>> own = new ThreadLocal<>();

  WalkStacks(RiscvIommu iommu) {
    this.iommu = iommu;
  }

  /** The stack of the calling thread. */
  WalkStack current() {
    WeakReference<WalkStack> known = own.get();
    return known == null ? make() : known.get();
  }

  private WalkStack make() {
    WalkStack made = new WalkStack(iommu);
    WeakReference<WalkStack> known = new WeakReference<>(made);
    all.put(Thread.currentThread(), made);
    own.set(known);
    return made;
  }
}
