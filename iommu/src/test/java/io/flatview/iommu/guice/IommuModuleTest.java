package io.flatview.iommu.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.IommuModel;
import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IommuModuleTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final AddressSpace system = memory.addressSpace("system", memory.ram("ram", Size.mib(1)));

  @AfterEach
  void close() {
    memory.close();
    policy.close();
  }

  /** What an embedding binds. */
  private final class Machine extends AbstractModule {
    @Override
    protected void configure() {
      bind(MemorySystem.class).toInstance(memory);
      bind(ReclaimPolicy.class).toInstance(policy);
      bind(AddressSpace.class).annotatedWith(PhysicalMemory.class).toInstance(system);
    }
  }

  @Test
  void theModelIsARiscvIommuUnlessToldOtherwise() {
    Injector injector = Guice.createInjector(new Machine(), new IommuModule(), new IommuModule());
    IommuModel model = injector.getInstance(IommuModel.class);
    assertSame(injector.getInstance(RiscvIommu.class), model);
    assertEquals(0x10, injector.getInstance(RiscvIommu.class).registers().read(0, 4) & 0xff);
    AddressSpace dma = model.busMaster(memory, "nic", 3);
    assertEquals(MemTxResult.DECODE_ERROR, memory.reader().store(dma, 0x1000, 4, 1), "it is off after reset");
  }

  @Test
  void anotherModelTakesItsPlaceAndNothingElseChanges() {
    WindowIommu windows = new WindowIommu();
    windows.map(new AddressRange(0x8000, 0x8fff), system, 0x1000, Permission.READ_WRITE);
    Injector injector = Guice.createInjector(new Machine(), new IommuModule(), binder ->
        OptionalBinder.newOptionalBinder(binder, IommuModel.class).setBinding().toInstance(_ -> windows));
    AddressSpace dma = injector.getInstance(IommuModel.class).busMaster(memory, "nic", 3);
    assertEquals(MemTxResult.OK, memory.reader().store(dma, 0x8004, 4, 77));
    assertEquals(77, memory.reader().load(system, 0x1004, 4));
  }

  @Test
  void theModelMayAnnounceLess() {
    Injector injector = Guice.createInjector(new Machine(), new IommuModule(), binder ->
        OptionalBinder.newOptionalBinder(binder, Capabilities.class).setBinding()
            .toInstance(Capabilities.ALL.without(Capabilities.SV57)));
    assertEquals(0, injector.getInstance(RiscvIommu.class).registers().read(0, 8) & Capabilities.SV57);
  }
}
