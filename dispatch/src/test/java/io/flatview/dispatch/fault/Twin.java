package io.flatview.dispatch.fault;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** A defect that is planted into the write side: a method that does nothing, or that allocates first. */
enum Twin {
  /** The code as it is. */
  SOUND("", ""),
  /** Changes of the tree stay. */
  UNDO_LOST("UndoLog", "undoTo"),
  /** The lock of a commit is not given back. */
  LOCK_KEPT("MapLock", "release"),
  /** The inverse of a callback is forgotten. */
  TAKE_BACK_LOST("Callback$RegionAdd", "takeBack"),
  /** Listeners get no abort. */
  ABORT_LOST("Callback$Begin", "takeBack"),
  /** Memory that shows is not counted. */
  USE_NOT_COUNTED("RamBlock", "retain"),
  /** Changes that are published can still be undone. */
  STAYS_UNFINISHED("Topology", "keepUpTo"),
  /** What is derived from the map is never made anew. */
  STALE_FOR_EVER("SpaceIndex", "rebuild"),
  /** To undo takes memory. */
  UNDO_ALLOCATES("UndoLog", "undoTo"),
  /** What discard listeners have accepted is not taken back. */
  PARTS_KEPT("Calls", "takeBack"),
  /** To populate takes memory after the listeners have accepted. */
  BITS_ALLOCATE("Granules", "populate");

  private final String type;
  private final String method;

  Twin(String type, String method) {
    this.type = type;
    this.method = method;
  }

  CodeTransform defect(String inType, MethodModel inMethod) {
    if (!inType.equals(type) || !inMethod.methodName().equalsString(method)) {
      return CodeTransform.ACCEPT_ALL;
    }
    boolean allocates = this == UNDO_ALLOCATES || this == BITS_ALLOCATE;
    return new AtStart(allocates ? Twin::allocate : CodeBuilder::return_);
  }

  private static void allocate(CodeBuilder builder) {
    builder.invokestatic(ClassDesc.of(Faults.class.getName()), "allocation", ConstantDescs.MTD_void);
  }

  private record AtStart(java.util.function.Consumer<CodeBuilder> first) implements CodeTransform {

    @Override
    public void atStart(CodeBuilder builder) {
      first.accept(builder);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}
