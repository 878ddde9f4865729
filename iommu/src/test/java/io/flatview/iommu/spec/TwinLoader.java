package io.flatview.iommu.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the model and the comparison anew, with some classes of the model replaced. */
final class TwinLoader extends ClassLoader {

  private static final String OWN = "io.flatview.iommu.";

  private final Path replaced;

  TwinLoader(Path replaced) {
    super(TwinLoader.class.getClassLoader());
    this.replaced = replaced;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return name.startsWith(OWN) ? define(name) : super.loadClass(name, resolve);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try {
      byte[] bytes = bytes(name.replace('.', '/') + ".class");
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] bytes(String file) throws IOException {
    if (Files.exists(replaced.resolve(file))) {
      return Files.readAllBytes(replaced.resolve(file));
    }
    try (InputStream original = getParent().getResourceAsStream(file)) {
      if (original == null) {
        throw new IOException(file + " is not found");
      }
      return original.readAllBytes();
    }
  }
}
