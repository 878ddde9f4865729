package io.flatview.examples.races.careless;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Faults that are put into the compiled classes of a JVM to come, for the driver to find. */
final class Planted {

  private static final String ACCESS = "io/flatview/dispatch/access/Sections";
  private static final String LEAF = "io/flatview/dispatch/pagetable/PhysSection";

  private Planted() {}

  /** Each access is taken for one that ends in the section it begins in. */
  static Path missingBound(Path folder) throws IOException {
    return plant(folder, LEAF, ClassTransform.transformingMethodBodies(
        method -> method.methodName().equalsString("reaches"), new CodeTransform() {
          @Override
          public void atStart(CodeBuilder code) {
            code.iconst_1().ireturn();
          }

          @Override
          public void accept(CodeBuilder code, CodeElement element) {
            // Nothing of what was there.
          }
        }));
  }

  /** The policy's section stays open when the reader's ends. */
  static Path sectionNotLeft(Path folder) throws IOException {
    return plant(folder, ACCESS, ClassTransform.transformingMethodBodies(
        method -> method.methodName().equalsString("leave"), (code, element) -> {
          if (element instanceof InvokeInstruction call
              && call.owner().name().equalsString("io/flatview/rcu/ReadSection")
              && call.name().equalsString("close")) {
            code.pop();
          } else {
            code.with(element);
          }
        }));
  }

  private static Path plant(Path folder, String name, ClassTransform change) throws IOException {
    Path file = folder.resolve(name + ".class");
    Files.createDirectories(file.getParent());
    try (InputStream original = Planted.class.getResourceAsStream("/" + name + ".class")) {
      ClassModel model = ClassFile.of().parse(original.readAllBytes());
      byte[] planted = ClassFile.of().transformClass(model, change);
      byte[] sound = ClassFile.of().transformClass(model, ClassTransform.ACCEPT_ALL);
      if (Arrays.equals(planted, sound)) {
        throw new IllegalStateException("nothing was planted in " + name);
      }
      Files.write(file, planted);
    }
    return folder;
  }
}
