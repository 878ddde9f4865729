package io.flatview.examples.vhost.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Debian's kernel, and a first file system for it of its modules and a static busybox: an archive of cpio's "newc". */
final class Initrd {

  private static final int FOLDER = 0040755;
  private static final int PROGRAM = 0100755;
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> MODULES = List.of(
      "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk");

  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
  private int files;

  private Initrd() {}

  /** The newest packaged kernel whose modules are there, if QEMU and busybox are too. */
  static Optional<Path> kernel() throws IOException {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64")) && Files.isExecutable(BUSYBOX);
    if (!installed || !Files.isDirectory(Path.of("/boot"))) {
      return Optional.empty();
    }
    try (Stream<Path> boot = Files.list(Path.of("/boot"))) {
      return boot.filter(path -> path.getFileName().toString().matches("vmlinuz-.*-amd64"))
          .filter(path -> Files.isDirectory(modules(path)))
          .max(Comparator.naturalOrder());
    }
  }

  private static Path modules(Path kernel) {
    return Path.of("/lib/modules", kernel.getFileName().toString().substring("vmlinuz-".length()));
  }

  /** Writes the archive for a kernel. */
  static Path write(Path kernel, Path to) throws IOException {
    Initrd initrd = new Initrd();
    for (String folder : List.of("bin", "dev", "proc", "sys", "modules")) {
      initrd.add(folder, FOLDER, new byte[0]);
    }
    initrd.add("bin/busybox", PROGRAM, Files.readAllBytes(BUSYBOX));
    for (String module : MODULES) {
      initrd.add("modules/" + module + ".ko", PROGRAM, Files.readAllBytes(find(modules(kernel), module + ".ko")));
    }
    try (InputStream init = Initrd.class.getResourceAsStream("init")) {
      initrd.add("init", PROGRAM, init.readAllBytes());
    }
    initrd.add("TRAILER!!!", 0, new byte[0]);
    return Files.write(to, initrd.archive.toByteArray());
  }

  private static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().equals(name)).findFirst()
          .orElseThrow(() -> new IOException("no " + name + " below " + folder));
    }
  }

  private void add(String name, int mode, byte[] content) throws IOException {
    archive.write(String.format("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
        ++files, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, 0)
        .getBytes(StandardCharsets.US_ASCII));
    archive.write(name.getBytes(StandardCharsets.US_ASCII));
    archive.write(0);
    pad();
    archive.write(content);
    pad();
  }

  private void pad() {
    while (archive.size() % 4 != 0) {
      archive.write(0);
    }
  }
}
