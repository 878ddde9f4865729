package io.flatview.examples.virt64.board;

/** Where things are: the addresses and interrupts of QEMU's {@code virt} machine. */
final class Layout {

  static final long FINISHER = 0x10_0000;
  static final long RTC = 0x10_1000;
  static final long RESET_ROM = 0x1000;
  static final long RESET_ROM_SIZE = 0xf000;
  static final long CLINT = 0x200_0000;
  static final long PCI_PORTS = 0x300_0000;
  static final long PCI_PORTS_SIZE = 0x1_0000;
  static final long IOMMU = 0x301_0000;
  static final long PLIC = 0xc00_0000;
  static final long SERIAL = 0x1000_0000;
  static final long VIRTIO = 0x1000_1000;
  static final long VIRTIO_STRIDE = 0x1000;
  static final int VIRTIO_COUNT = 8;
  static final long PCI_CONFIG = 0x3000_0000;
  static final long PCI_MEMORY = 0x4000_0000;
  static final long PCI_MEMORY_SIZE = 0x4000_0000;
  static final long PCI_HIGH = 0x4_0000_0000L;
  static final long PCI_HIGH_SIZE = 0x4_0000_0000L;
  static final long DRAM = 0x8000_0000L;

  static final int VIRTIO_INTERRUPT = 1;
  static final int SERIAL_INTERRUPT = 10;
  static final int RTC_INTERRUPT = 11;
  static final int PCI_INTERRUPT = 32;
  static final int PCI_PINS = 4;
  static final int IOMMU_INTERRUPT = 36;
  static final int IOMMU_WIRES = 4;

  /** PCI functions are known to the IOMMU by bus, device and function; other devices by numbers behind those. */
  static final int PCI_REQUESTERS = 0x1_0000;
  static final int VIRTIO_REQUESTER = PCI_REQUESTERS;

  static final int SERIAL_CLOCK = 3_686_400;

  private Layout() {}
}
