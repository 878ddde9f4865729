package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.device.Clint;
import io.flatview.examples.virt64.device.Plic;
import io.flatview.examples.virt64.device.SerialPort;
import io.flatview.examples.virt64.device.TestFinisher;
import io.flatview.examples.virt64.fdt.DeviceTreeWriter;
import io.flatview.examples.virt64.irq.Timebase;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressRange;
import java.util.stream.IntStream;

/** Describes the board to its firmware, with the names of nodes and properties that {@code virt} uses. */
final class DeviceTree {

  static final String ISA = "rv64imac_zicsr_zifencei_sstc";

  private static final String[] EXTENSIONS = {"i", "m", "a", "c", "zicntr", "zicsr", "zifencei", "sstc"};

  private static final int PLIC_HANDLE = 1;
  private static final int FINISHER_HANDLE = 2;
  private static final int IOMMU_HANDLE = 3;
  private static final int FIRST_HART_HANDLE = 16;

  private static final int SOFTWARE = 3;
  private static final int TIMER = 7;
  private static final int MACHINE_EXTERNAL = 11;
  private static final int SUPERVISOR_EXTERNAL = 9;

  private static final int PORT_SPACE = 0x100_0000;
  private static final int MEMORY_SPACE = 0x200_0000;
  private static final int WIDE_MEMORY_SPACE = 0x300_0000;
  private static final int DEVICE_SHIFT = 11;

  private final BoardOptions options;
  private final AddressRange initrd;
  private final DeviceTreeWriter tree = new DeviceTreeWriter();

  private DeviceTree(BoardOptions options, AddressRange initrd) {
    this.options = options;
    this.initrd = initrd;
  }

  /** @param initrd where the kernel's first file system is, or null */
  static byte[] of(BoardOptions options, AddressRange initrd) {
    return new DeviceTree(options, initrd).write();
  }

  private byte[] write() {
    tree.begin("")
        .cells("#address-cells", 2)
        .cells("#size-cells", 2)
        .texts("compatible", "riscv-virtio")
        .texts("model", "riscv-virtio,flatview");
    chosen();
    memory();
    cpus();
    power("poweroff", "syscon-poweroff", TestFinisher.PASS);
    power("reboot", "syscon-reboot", TestFinisher.RESET);
    soc();
    return tree.end().finish();
  }

  private void chosen() {
    tree.begin("chosen").texts("stdout-path", "/soc/" + node("serial", Layout.SERIAL));
    if (!options.append().isEmpty()) {
      tree.texts("bootargs", options.append());
    }
    if (initrd != null) {
      tree.cells("linux,initrd-start", words(initrd.first())).cells("linux,initrd-end", words(initrd.last() + 1));
    }
    tree.end();
  }

  private static int[] words(long value) {
    return new int[] {(int) (value >>> 32), (int) value};
  }

  private static String node(String name, long address) {
    return name + "@" + Long.toHexString(address);
  }

  private void memory() {
    tree.begin(node("memory", Layout.DRAM))
        .texts("device_type", "memory")
        .reg(Layout.DRAM, options.memoryBytes())
        .end();
  }

  private void cpus() {
    tree.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
    tree.cells("timebase-frequency", Timebase.FREQUENCY);
    for (int hart = 0; hart < options.harts(); hart++) {
      cpu(hart);
    }
    tree.end();
  }

  private void cpu(int hart) {
    tree.begin("cpu@" + Integer.toHexString(hart))
        .texts("device_type", "cpu")
        .cells("reg", hart)
        .texts("status", "okay")
        .texts("compatible", "riscv")
        .texts("riscv,isa", ISA)
        .texts("riscv,isa-base", "rv64i")
        .texts("riscv,isa-extensions", EXTENSIONS)
        .texts("mmu-type", "riscv,sv39")
        .begin("interrupt-controller")
        .cells("#interrupt-cells", 1)
        .cells("interrupt-controller")
        .texts("compatible", "riscv,cpu-intc")
        .cells("phandle", FIRST_HART_HANDLE + hart)
        .end()
        .end();
  }

  private void power(String name, String compatible, int value) {
    tree.begin(name)
        .texts("compatible", compatible)
        .cells("regmap", FINISHER_HANDLE)
        .cells("offset", 0)
        .cells("value", value)
        .end();
  }

  private void soc() {
    tree.begin("soc")
        .cells("#address-cells", 2)
        .cells("#size-cells", 2)
        .texts("compatible", "simple-bus")
        .cells("ranges");
    finisher();
    clint();
    plic();
    serial();
    rtc();
    if (options.iommu()) {
      iommu();
    }
    for (int i = 0; i < Layout.VIRTIO_COUNT; i++) {
      virtio(i);
    }
    pci();
    tree.end();
  }

  private void finisher() {
    tree.begin(node("test", Layout.FINISHER))
        .texts("compatible", "sifive,test1", "sifive,test0", "syscon")
        .reg(Layout.FINISHER, TestFinisher.SIZE)
        .cells("phandle", FINISHER_HANDLE)
        .end();
  }

  private int[] perHart(int first, int second) {
    int[] cells = new int[4 * options.harts()];
    for (int hart = 0; hart < options.harts(); hart++) {
      cells[4 * hart] = FIRST_HART_HANDLE + hart;
      cells[4 * hart + 1] = first;
      cells[4 * hart + 2] = FIRST_HART_HANDLE + hart;
      cells[4 * hart + 3] = second;
    }
    return cells;
  }

  private void clint() {
    tree.begin(node("clint", Layout.CLINT))
        .texts("compatible", "sifive,clint0", "riscv,clint0")
        .reg(Layout.CLINT, Clint.SIZE)
        .cells("interrupts-extended", perHart(SOFTWARE, TIMER))
        .end();
  }

  private void plic() {
    tree.begin(node("plic", Layout.PLIC))
        .texts("compatible", "sifive,plic-1.0.0", "riscv,plic0")
        .reg(Layout.PLIC, Plic.SIZE)
        .cells("interrupts-extended", perHart(MACHINE_EXTERNAL, SUPERVISOR_EXTERNAL))
        .cells("interrupt-controller")
        .cells("#interrupt-cells", 1)
        .cells("#address-cells", 0)
        .cells("riscv,ndev", Plic.SOURCES - 1)
        .cells("phandle", PLIC_HANDLE)
        .end();
  }

  private void serial() {
    tree.begin(node("serial", Layout.SERIAL))
        .texts("compatible", "ns16550a")
        .reg(Layout.SERIAL, SerialPort.SIZE)
        .cells("clock-frequency", Layout.SERIAL_CLOCK)
        .cells("interrupts", Layout.SERIAL_INTERRUPT)
        .cells("interrupt-parent", PLIC_HANDLE)
        .end();
  }

  private void rtc() {
    tree.begin(node("rtc", Layout.RTC))
        .texts("compatible", "google,goldfish-rtc")
        .reg(Layout.RTC, 0x1000)
        .cells("interrupts", Layout.RTC_INTERRUPT)
        .cells("interrupt-parent", PLIC_HANDLE)
        .end();
  }

  /** The binding's one cell is the number that the IOMMU knows a device by. */
  private void iommu() {
    int[] wires = IntStream.range(0, Layout.IOMMU_WIRES).map(wire -> Layout.IOMMU_INTERRUPT + wire).toArray();
    tree.begin(node("iommu", Layout.IOMMU))
        .texts("compatible", "qemu,riscv-iommu", "riscv,iommu")
        .reg(Layout.IOMMU, RiscvIommu.REGISTERS.toBytes())
        .cells("#iommu-cells", 1)
        .cells("interrupts", wires)
        .cells("interrupt-parent", PLIC_HANDLE)
        .cells("phandle", IOMMU_HANDLE)
        .end();
  }

  private void virtio(int index) {
    long address = Layout.VIRTIO + index * Layout.VIRTIO_STRIDE;
    tree.begin(node("virtio_mmio", address))
        .texts("compatible", "virtio,mmio")
        .reg(address, Layout.VIRTIO_STRIDE)
        .cells("interrupts", Layout.VIRTIO_INTERRUPT + index)
        .cells("interrupt-parent", PLIC_HANDLE);
    if (options.iommu()) {
      tree.cells("iommus", IOMMU_HANDLE, Layout.VIRTIO_REQUESTER + index);
    }
    tree.end();
  }

  private void pci() {
    tree.begin(node("pci", Layout.PCI_CONFIG))
        .texts("compatible", "pci-host-ecam-generic")
        .texts("device_type", "pci")
        .cells("#address-cells", 3)
        .cells("#size-cells", 2)
        .cells("#interrupt-cells", 1)
        .cells("linux,pci-domain", 0)
        .cells("bus-range", 0, 0xff)
        .cells("dma-coherent")
        .reg(Layout.PCI_CONFIG, 0x1000_0000)
        .cells("ranges", pciRanges())
        .cells("interrupt-map-mask", 3 << DEVICE_SHIFT, 0, 0, 7)
        .cells("interrupt-map", pciInterrupts());
    if (options.iommu()) {
      tree.cells("iommu-map", 0, IOMMU_HANDLE, 0, Layout.PCI_REQUESTERS);
    }
    tree.end();
  }

  private static int[] pciRanges() {
    return new int[] {
      PORT_SPACE, 0, 0, 0, (int) Layout.PCI_PORTS, 0, (int) Layout.PCI_PORTS_SIZE,
      MEMORY_SPACE, 0, (int) Layout.PCI_MEMORY, 0, (int) Layout.PCI_MEMORY, 0, (int) Layout.PCI_MEMORY_SIZE,
      WIDE_MEMORY_SPACE, (int) (Layout.PCI_HIGH >>> 32), 0, (int) (Layout.PCI_HIGH >>> 32), 0,
      (int) (Layout.PCI_HIGH_SIZE >>> 32), 0
    };
  }

  /** Pins swizzle with the device's number over four interrupts. */
  private static int[] pciInterrupts() {
    int[] cells = new int[Layout.PCI_PINS * Layout.PCI_PINS * 6];
    int at = 0;
    for (int device = 0; device < Layout.PCI_PINS; device++) {
      for (int pin = 0; pin < Layout.PCI_PINS; pin++) {
        cells[at] = device << DEVICE_SHIFT;
        cells[at + 3] = pin + 1;
        cells[at + 4] = PLIC_HANDLE;
        cells[at + 5] = Layout.PCI_INTERRUPT + (device + pin) % Layout.PCI_PINS;
        at += 6;
      }
    }
    return cells;
  }
}
