package io.flatview.iommu.riscv;

/**
 * The device directory in memory (sections 2.1 and 2.3.1), and the register that points to it.
 *
 * <p>A {@link Device} keeps its context together with the {@link #generation()} that it read before the lookup; a
 * context of an older generation is looked up again. {@link #forget} increments the generation, which is volatile: a
 * reader that sees the new one also sees the guest's earlier writes to the directory. {@link #write} increments it
 * after it has set the register: a reader that loads the generation and then the register never keeps a context of the
 * old register for the new generation.
 */
final class DeviceDirectory {

  private static final int OFF = 0;
  private static final int BARE = 1;
  private static final int THREE_LEVELS = 4;
  private static final long MODE = 0xf;
  private static final long PPN = DeviceContext.PPN << 10;

  private static final long ENTRY_RESERVED = ~(PPN | 1);
  private static final int DIRECTORY_BITS = 9;

  private final Capabilities capabilities;
  private final boolean extended;
  private final long pages;
  private volatile long ddtp;
  private volatile long generation;

  DeviceDirectory(Capabilities capabilities) {
    this.capabilities = capabilities;
    this.extended = capabilities.has(Capabilities.MSI_FLAT);
    this.pages = capabilities.registerPages();
  }

  long ddtp() {
    return ddtp;
  }

  /** Writes the register; a reserved mode leaves the present one (WARL, section 5.5). */
  synchronized void write(long value) {
    long mode = (value & MODE) > THREE_LEVELS ? ddtp & MODE : value & MODE;
    ddtp = value & pages | mode;
    generation++;
  }

  synchronized void reset() {
    ddtp = OFF;
    generation++;
  }

  static boolean isOff(long register) {
    return (register & MODE) == OFF;
  }

  static boolean isBare(long register) {
    return (register & MODE) == BARE;
  }

  private static int levels(long register) {
    return (int) (register & MODE) - BARE;
  }

  long generation() {
    return generation;
  }

  synchronized void forget() {
    generation++;
  }

  /** Whether a device's number fits the directory (section 2.3, step 5). */
  boolean holds(int device) {
    return isOff(ddtp) || isBare(ddtp) || holds(ddtp, device);
  }

  private boolean holds(long register, int device) {
    int levels = levels(register);
    return levels == 3 || device >>> leafBits() + (levels - 1) * DIRECTORY_BITS == 0;
  }

  private int leafBits() {
    return extended ? 6 : 7;
  }

  /** Finds a context, or raises a fault and returns null. The register's mode must be neither off nor bare. */
  DeviceContext locate(long register, int device, TableMemory tables, Fault fault) {
    if (!holds(register, device)) {
      fault.raise(FaultCause.TRANSACTION_TYPE_DISALLOWED, -1);
      return null;
    }
    long table = (register & PPN) << 2;
    for (int level = levels(register) - 1; level > 0; level--) {
      int index = device >>> leafBits() + (level - 1) * DIRECTORY_BITS & (1 << DIRECTORY_BITS) - 1;
      if (!tables.load(table + 8L * index, PerformanceMonitor.DEVICE_DIRECTORY_WALK)) {
        fault.raise(FaultCause.DDT_LOAD_ACCESS_FAULT, -1);
        return null;
      }
      long entry = tables.value();
      if ((entry & 1) == 0) {
        fault.raise(FaultCause.DDT_NOT_VALID, -1);
        return null;
      }
      if ((entry & ENTRY_RESERVED) != 0) {
        fault.raise(FaultCause.DDT_MISCONFIGURED, -1);
        return null;
      }
      table = (entry & PPN) << 2;
    }
    return leaf(table, device & (1 << leafBits()) - 1, tables, fault);
  }

  private DeviceContext leaf(long table, int index, TableMemory tables, Fault fault) {
    long[] words = new long[extended ? 8 : 4];
    tables.count(PerformanceMonitor.DEVICE_DIRECTORY_WALK);
    for (int i = 0; i < words.length; i++) {
      if (!tables.load(table + 8L * (words.length * index + i))) {
        fault.raise(FaultCause.DDT_LOAD_ACCESS_FAULT, -1);
        return null;
      }
      words[i] = tables.value();
    }
    if ((words[0] & DeviceContext.VALID) == 0) {
      fault.raise(FaultCause.DDT_NOT_VALID, -1);
      return null;
    }
    DeviceContext context = DeviceContext.parse(words, capabilities);
    if (context == null) {
      fault.raise(FaultCause.DDT_MISCONFIGURED, -1);
    }
    return context;
  }
}
