package io.flatview.dispatch.fault;

import io.flatview.dispatch.DispatchMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/**
 * Defines the module's classes anew, with calls of {@link Faults} in the packages of the write side, and with a defect
 * if one is asked for.
 */
final class FaultLoader extends ClassLoader {

  private static final String MODULE = "io.flatview.dispatch.";
  private static final String TESTS = "io.flatview.dispatch.fault.";
  private static final Set<String> STEPPED = Set.of(
      "commit", "listener", "topology", "view", "generation", "pagetable", "doorbell", "tap", "ram", "dirty", "sparse");
  private static final ClassDesc FAULTS = ClassDesc.of("io.flatview.dispatch.fault.Faults");
  private static final ClassDesc LOGGER = ClassDesc.of("java.lang.System$Logger");

  static {
    registerAsParallelCapable();
  }

  private final Twin twin;
  private final ClassFile classFile;

  FaultLoader(Twin twin) {
    super(FaultLoader.class.getClassLoader());
    this.twin = twin;
    this.classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
        ClassHierarchyResolver.ofResourceParsing(FaultLoader::bytes).orElse(ClassHierarchyResolver.defaultResolver())));
    Faults.class.getModule().addExports(Faults.class.getPackageName(), getUnnamedModule());
  }

  private static InputStream bytes(ClassDesc type) {
    String name = type.descriptorString();
    return DispatchMemory.class.getResourceAsStream("/" + name.substring(1, name.length() - 1) + ".class");
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(MODULE) || name.startsWith(TESTS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = bytes(ClassDesc.of(name))) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] transformed = transformed(name, in.readAllBytes());
      return defineClass(name, transformed, 0, transformed.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] transformed(String name, byte[] original) {
    String inModule = name.substring(MODULE.length());
    int dot = inModule.indexOf('.');
    return dot > 0 && STEPPED.contains(inModule.substring(0, dot))
        ? classFile.transformClass(classFile.parse(original), steps(inModule.substring(dot + 1)))
        : original;
  }

  private ClassTransform steps(String type) {
    return (builder, element) -> {
      if (element instanceof MethodModel method) {
        builder.transformMethod(method, MethodTransform.transformingCode(
            method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)
                ? FaultLoader::silence
                : new Steps(twin.defect(type, method))));
      } else {
        builder.with(element);
      }
    };
  }

  private static void silence(CodeBuilder builder, CodeElement element) {
    if (element instanceof InvokeInstruction call && call.name().equalsString("getLogger")
        && call.owner().asInternalName().equals("java/lang/System")) {
      builder.invokestatic(FAULTS, "logger", MethodTypeDesc.of(LOGGER, ConstantDescs.CD_String));
    } else {
      builder.with(element);
    }
  }

  /** Calls {@link Faults} at a method's entry and before what may allocate. */
  private record Steps(CodeTransform defect) implements CodeTransform {

    @Override
    public void atStart(CodeBuilder builder) {
      step(builder, "call");
      defect.atStart(builder);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (element instanceof Instruction instruction && mayAllocate(instruction)) {
        step(builder, "allocation");
      }
      defect.accept(builder, element);
    }

    private static void step(CodeBuilder builder, String name) {
      builder.invokestatic(FAULTS, name, ConstantDescs.MTD_void);
    }

    /** A switch and a lambda that captures nothing allocate when they are linked, and the operation ran before. */
    private static boolean isMadeEachTime(InvokeDynamicInstruction made) {
      return made.typeSymbol().parameterCount() != 0 && !made.name().equalsString("typeSwitch");
    }

    private static boolean mayAllocate(Instruction instruction) {
      return switch (instruction) {
        case NewObjectInstruction _, NewReferenceArrayInstruction _, NewPrimitiveArrayInstruction _,
            NewMultiArrayInstruction _ -> true;
        case InvokeDynamicInstruction made -> isMadeEachTime(made);
        case InvokeInstruction call -> call.opcode() != Opcode.INVOKESPECIAL && Frugal.mayAllocate(
            call.owner().asInternalName(), call.name().stringValue());
        default -> false;
      };
    }
  }
}
