/**
 * The memory map of an emulated machine, as its users see it: regions, address spaces, transactions, listeners, and the
 * readers that translate and access addresses while the map changes.
 *
 * <p>Addresses are unsigned 64-bit {@code long}s; ranges are {@code first..last}, both inclusive, so that the full
 * space needs no 65th bit. Names follow QEMU's memory API where it has one.
 *
 * <pre>{@code
 * MemoryRegion.Container system = memory.container("system", Size.FULL);
 * MemoryRegion.Ram dram = memory.ram("dram", Size.mib(64));
 * AddressSpace bus = memory.addressSpace("memory", system);
 * memory.update(tx -> tx.addSubregion(system, 0x8000_0000L, dram));
 *
 * try (MapReader cpu = memory.newReader("cpu0")) {
 *   cpu.store(bus, 0x8000_0000L, 8, 0x1122_3344_5566_7788L);
 *   long low = cpu.load(bus, 0x8000_0000L, 4); // 0x55667788
 * }
 *
 * CommitTicket unplugged = memory.update(tx -> tx.delSubregion(dram));
 * unplugged.quiesced().thenRun(dram::close); // when no reader can see it any more
 * }</pre>
 */
package io.flatview.memory;
