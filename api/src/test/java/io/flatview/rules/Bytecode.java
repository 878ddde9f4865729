package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.net.URI;
import java.util.Optional;

/** Class files behind ArchUnit's classes, and the names in them. */
final class Bytecode {

  private Bytecode() {}

  /** The class file, or empty for a class that was not imported from one. */
  static Optional<ClassModel> of(JavaClass type) {
    return type.getSource().map(source -> ClassFile.of().parse(read(source.getUri())));
  }

  static byte[] read(URI uri) {
    try (InputStream in = uri.toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The binary name, as {@link Class#getName()} has it; of an array, that of its descriptor. */
  static String name(ClassDesc type) {
    String descriptor = type.descriptorString();
    return type.isClassOrInterface()
        ? descriptor.substring(1, descriptor.length() - 1).replace('/', '.')
        : descriptor;
  }

  static String name(String internalName) {
    return internalName.replace('/', '.');
  }

  /** Whether a class, found by its name, is of a type; false if it cannot be found. */
  static boolean isA(String className, Class<?> type) {
    if (className.equals(type.getName())) {
      return true;
    }
    try {
      return type.isAssignableFrom(Class.forName(className, false, Bytecode.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
