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
 *
 * <h2>Where to begin</h2>
 *
 * <p>The types form three rings; a program needs its own ring and those before it.
 *
 * <table class="striped">
 * <caption>The types of this package, in the order in which programs come to need them</caption>
 * <thead><tr><th scope="col">ring</th><th scope="col">for</th><th scope="col">types</th></tr></thead>
 * <tbody>
 * <tr><th scope="row" rowspan="3">a first program</th><td>the map</td>
 * <td>{@link MemorySystem}, {@link MemoryRegion}, {@link AddressSpace}, {@link Transaction}, {@link CommitTicket},
 * {@link Size}</td></tr>
 * <tr><td>devices</td><td>{@link MmioHandler}</td></tr>
 * <tr><td>accesses</td><td>{@link MapReader}, {@link Access}, {@link Translation}, {@link MemTxResult},
 * {@link AddressRange}, {@link FlatView}, {@link MemoryRegionSection}, {@link MapException}, {@link MapFault}</td></tr>
 * <tr><th scope="row" rowspan="6">an emulator</th><td>devices</td>
 * <td>{@link MmioDevice}, {@link MmioRules}, {@link AccessSizes}, {@link DeviceGuard}, {@link MemTx},
 * {@link MemTxAttrs}, {@link Doorbell}</td></tr>
 * <tr><td>memory</td><td>{@link RamBacking}, {@link MappedWindow}, {@link MemoryRegionCache}, {@link AtomicOp},
 * {@link DirtyClient}, {@link DirtySnapshot}, {@link DirtySink}</td></tr>
 * <tr><td>maps that change often</td><td>{@link BankSelection}, {@link BankedSections}, {@link InvalidationSequence},
 * {@link AddressSpaceOptions}, {@link OpenBus}</td></tr>
 * <tr><td>IOMMUs</td><td>{@link IommuTranslator}, {@link IommuTlbEntry}, {@link IommuNotifier}, {@link IommuEvent}</td>
 * </tr>
 * <tr><td>debuggers</td><td>{@link AccessTap}, {@link AccessWatch}, {@link TapFilter}, {@link TapRegistration},
 * {@link TappedAccess}, {@link Explanation}</td></tr>
 * <tr><td>monitors</td><td>{@link MapInspector}, {@link MtreeOption}, {@link PrintableText}</td></tr>
 * <tr><th scope="row" rowspan="3">an accelerator, a mirror, a tool</th><td>following the map</td>
 * <td>{@link MemoryListener}, {@link SectionAttributes}, {@link ListenerException}, {@link MapPlan}, {@link MapChange},
 * {@link FlatViewDiff}</td></tr>
 * <tr><td>sparse memory</td><td>{@link RamDiscardManager}, {@link RamDiscardListener}</td></tr>
 * <tr><td>looking at it</td>
 * <td>{@link MapResult}, {@link MemoryStatistics}, {@link Leak}, {@link RegionLabels}</td></tr>
 * </tbody>
 * </table>
 */
package io.flatview.memory;
