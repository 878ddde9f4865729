package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.load.Program;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which programs a board starts with: those given, and else Debian's. */
record Firmware(Program bios, Program kernel) {

  private static final Path OPENSBI = Path.of("/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin");
  private static final Path U_BOOT = Path.of("/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin");
  private static final long KERNEL_ALIGNMENT = 2 << 20;
  private static final String NONE = "none";

  /** Whether a board can start without being given anything. */
  static boolean isInstalled() {
    return Files.isReadable(OPENSBI) && Files.isReadable(U_BOOT);
  }

  /**
   * Chooses.
   *
   * @param bios a file, "none", or null
   * @param kernel a file, or null
   */
  static Firmware choose(String bios, Path kernel) {
    if (bios == null && kernel == null) {
      return withBios(installed(OPENSBI, "opensbi"), Program.read(installed(U_BOOT, "u-boot-qemu"), 0));
    }
    Program program = kernel == null ? null : Program.read(kernel, BoardOptions.DRAM);
    if (bios != null && !bios.equals(NONE)) {
      return withBios(Path.of(bios), program);
    }
    if (program == null) {
      throw new LoadException("--bios none needs a --kernel to run on the bare machine");
    }
    return bios != null || program.isTest() || wantsPlaceOfFirmware(program)
        ? new Firmware(null, program)
        : withBios(installed(OPENSBI, "opensbi"), program);
  }

  /** An ELF file says itself where it goes, a raw image takes what it gets. */
  private static boolean wantsPlaceOfFirmware(Program kernel) {
    return !kernel.isRaw() && kernel.entry() == BoardOptions.DRAM;
  }

  private static Path installed(Path file, String debianPackage) {
    if (!Files.isReadable(file)) {
      throw new LoadException("there is no " + file + ". Install Debian's packages opensbi and u-boot-qemu ("
          + debianPackage + " has this file), or say what to run with --bios and --kernel");
    }
    return file;
  }

  /** A raw kernel stands at the first large page behind the firmware. */
  private static Firmware withBios(Path bios, Program kernel) {
    Program first = Program.read(bios, BoardOptions.DRAM);
    long behind = first.end() + KERNEL_ALIGNMENT - 1 & -KERNEL_ALIGNMENT;
    return new Firmware(first, kernel == null ? null : kernel.at(behind));
  }
}
