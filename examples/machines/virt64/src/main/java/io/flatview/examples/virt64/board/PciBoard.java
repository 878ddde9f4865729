package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.device.Plic;
import io.flatview.examples.virt64.pci.EduDevice;
import io.flatview.examples.virt64.pci.PciBar;
import io.flatview.examples.virt64.pci.PciBar.Kind;
import io.flatview.examples.virt64.pci.PciFunction;
import io.flatview.examples.virt64.pci.PciHost;
import io.flatview.examples.virt64.pci.RandomDevice;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;

/** The root complex of the board, with its functions and windows. */
final class PciBoard {

  private static final int EDU = 1;
  private static final int RANDOM = 2;
  private static final int DEVICE_SHIFT = 3;
  private static final int PORT_BYTES = 256;

  /** Gives a device its way to memory. */
  interface BusMasters {

    AddressSpace open(String name, int requester);
  }

  private PciBoard() {}

  /** @return what keeps the windows as the registers say, to be closed before the memory system */
  static AddressSpace.Registration place(
      MemorySystem memory,
      MemoryRegion.Container system,
      AddressSpace bus,
      MemoryRegion.Ram shared,
      BusMasters dma,
      Plic plic,
      Transaction transaction) {
    PciHost host = new PciHost(memory, Layout.PCI_PORTS_SIZE);
    host.plug(0, new PciFunction("host bridge", 0x1b36, 0x0008, 0x06_0000));
    host.plug(EDU, edu(memory, dma.open("edu-dma", EDU << DEVICE_SHIFT), plic));
    host.plug(RANDOM, random(memory, shared));
    transaction
        .addSubregion(
            system, Layout.PCI_CONFIG, memory.mmio("pci-config", Size.bytes(PciHost.CONFIGURATION_SIZE), host))
        .addSubregion(system, Layout.PCI_PORTS, host.portSpace())
        .addSubregion(system, Layout.PCI_MEMORY, window(memory, host, Layout.PCI_MEMORY, Layout.PCI_MEMORY_SIZE))
        .addSubregion(system, Layout.PCI_HIGH, window(memory, host, Layout.PCI_HIGH, Layout.PCI_HIGH_SIZE));
    return host.watch(bus);
  }

  private static MemoryRegion window(MemorySystem memory, PciHost host, long address, long size) {
    return memory.alias("pci-window", host.memorySpace(), address, Size.bytes(size));
  }

  private static PciFunction edu(MemorySystem memory, AddressSpace dma, Plic plic) {
    EduDevice edu = new EduDevice(memory, dma, plic.line(Layout.PCI_INTERRUPT + EDU % Layout.PCI_PINS));
    return new PciFunction("edu", 0x1234, 0x11e8, 0x00_ff00)
        .bar(0, new PciBar(memory.mmio("edu", Size.bytes(EduDevice.SIZE), edu), Kind.MEMORY))
        .withPin();
  }

  private static PciFunction random(MemorySystem memory, MemoryRegion.Ram shared) {
    RandomDevice random = new RandomDevice();
    return new PciFunction("random", 0x1b36, 0x0005, 0x00_ff00)
        .bar(0, new PciBar(memory.mmio("random", Size.bytes(RandomDevice.SIZE), random), Kind.MEMORY))
        .bar(1, new PciBar(memory.mmio("random-ports", Size.bytes(PORT_BYTES), random), Kind.PORTS))
        .bar(2, new PciBar(shared, Kind.WIDE_MEMORY));
  }
}
