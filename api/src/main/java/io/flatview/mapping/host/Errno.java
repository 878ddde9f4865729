package io.flatview.mapping.host;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/** The place where a failing system call leaves its error number. */
record Errno(MemorySegment state) {

  static final int ENOENT = 2;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final Linker.Option CAPTURED = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle NUMBER = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  Errno(Arena arena) {
    this(arena.allocate(STATE));
  }

  int number() {
    return (int) NUMBER.get(state, 0L);
  }
}
