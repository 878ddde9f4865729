package io.flatview.iommu.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.iommu.IommuModel;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.iommu.riscv.WiredInterrupts;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;

/**
 * Binds {@link IommuModel}, by default to one {@link RiscvIommu} that announces all capabilities and has no wires
 * connected.
 *
 * <p>Needs bindings of {@link MemorySystem} and {@link ReclaimPolicy}, and of {@link AddressSpace} with
 * {@link PhysicalMemory}. Another model, other capabilities or real wires are set in a module of your own:
 *
 * <pre>{@code
 * OptionalBinder.newOptionalBinder(binder(), IommuModel.class).setBinding().toInstance(device -> windows);
 * OptionalBinder.newOptionalBinder(binder(), WiredInterrupts.class).setBinding().to(Plic.class);
 * }</pre>
 *
 * <p>The {@link RiscvIommu} is a singleton, which the lifecycle of the dispatch module closes before the memory system.
 * Where that module is not installed, close it before the memory system.
 */
public final class IommuModule extends AbstractModule {

  /** A module with nothing to configure. */
  public IommuModule() {}

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), IommuModel.class).setDefault().to(RiscvIommu.class);
    OptionalBinder.newOptionalBinder(binder(), Capabilities.class).setDefault().toInstance(Capabilities.ALL);
    OptionalBinder.newOptionalBinder(binder(), WiredInterrupts.class).setDefault().toInstance((_, _) -> {});
  }

  @Provides
  @Singleton
  RiscvIommu riscvIommu(
      MemorySystem system, @PhysicalMemory AddressSpace memory, ReclaimPolicy policy, Capabilities capabilities,
      WiredInterrupts wires) {
    return new RiscvIommu(system, memory, policy, capabilities, wires);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IommuModule;
  }

  @Override
  public int hashCode() {
    return IommuModule.class.hashCode();
  }
}
