package io.flatview.iommu.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.guice.DispatchModule;
import io.flatview.dispatch.guice.FlatviewLifecycle;
import io.flatview.iommu.IommuModel;
import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
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

  /** A model that says whether what it needs was still there when it was closed. */
  static final class Model implements IommuModel, AutoCloseable {

    private final MemorySystem uses;
    private final AddressSpace physical;
    long loadedAtTheEnd;
    int closed;

    @Inject
    Model(MemorySystem uses, @PhysicalMemory AddressSpace physical) {
      this.uses = uses;
      this.physical = physical;
      uses.reader().store(physical, 0, 4, 99);
    }

    @Override
    public IommuTranslator translator(int device) {
      return (_, _, _, _, _) -> {};
    }

    @Override
    public void close() {
      loadedAtTheEnd = uses.reader().load(physical, 0, 4);
      closed++;
    }
  }

  /** An embedding that leaves everything to the injector. */
  private static final class Embedding extends AbstractModule {
    @Override
    protected void configure() {
      install(new DispatchModule());
      install(new IommuModule());
      OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class).setBinding().to(ManualReclaimPolicy.class);
      bind(ManualReclaimPolicy.class).in(Singleton.class);
    }

    @Provides
    @Singleton
    @PhysicalMemory
    AddressSpace physicalMemory(MemorySystem in) {
      return in.addressSpace("physical", in.ram("ram", Size.mib(1)));
    }
  }

  @Test
  void theLifecycleClosesAModelBeforeItsMemory() {
    Injector injector = Guice.createInjector(new Embedding(), binder -> {
      OptionalBinder.newOptionalBinder(binder, IommuModel.class).setBinding().to(Model.class);
      binder.bind(Model.class).in(Singleton.class);
    });
    IommuModel model = injector.getInstance(IommuModel.class);
    injector.getInstance(FlatviewLifecycle.class).close();
    Model own = assertInstanceOf(Model.class, model);
    assertEquals(99, own.loadedAtTheEnd);
    assertEquals(1, own.closed);
  }

  /** A fence that waits would use the memory after its end. */
  @Test
  void theLifecycleClosesTheRiscvIommuToo() {
    Injector injector = Guice.createInjector(new Embedding());
    RiscvIommu iommu = injector.getInstance(RiscvIommu.class);
    AddressSpace physical = injector.getInstance(Key.get(AddressSpace.class, PhysicalMemory.class));
    try (MapReader reader = injector.getInstance(MemorySystem.class).newReader("driver")) {
      reader.store(physical, 0x1000, 8, 2 | 1 << 12);
      iommu.registers().write(24, 8, 0x1000 >>> 2 | 3);
      iommu.registers().write(72, 4, 1);
      iommu.registers().write(36, 4, 1);
    }
    assertEquals(0, iommu.registers().read(32, 4), "the fence waits");
    ManualReclaimPolicy used = injector.getInstance(ManualReclaimPolicy.class);
    injector.getInstance(FlatviewLifecycle.class).close();
    used.runGracePeriod();
    assertEquals(0, iommu.registers().read(32, 4), "and comes to nothing");
    assertEquals(List.of(), used.failures());
  }

  @Test
  void theModelMayAnnounceLess() {
    Injector injector = Guice.createInjector(new Machine(), new IommuModule(), binder ->
        OptionalBinder.newOptionalBinder(binder, Capabilities.class).setBinding()
            .toInstance(Capabilities.ALL.without(Capabilities.SV57)));
    assertEquals(0, injector.getInstance(RiscvIommu.class).registers().read(0, 8) & Capabilities.SV57);
  }
}
