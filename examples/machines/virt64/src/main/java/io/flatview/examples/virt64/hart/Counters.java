package io.flatview.examples.virt64.hart;

/** {@code mcycle} and {@code minstret}: a cycle is an instruction. Confined to the hart's thread. */
final class Counters {

  private static final long CYCLE_BIT = 1;
  private static final long INSTRUCTION_BIT = 4;

  private long executed;
  private long cycleOffset;
  private long instructionOffset;
  private long inhibited;

  /** Instructions executed since the reset, up to the one under way. */
  long executed() {
    return executed;
  }

  void setExecuted(long count) {
    executed = count;
  }

  long cycles() {
    return (inhibited & CYCLE_BIT) != 0 ? cycleOffset : executed + cycleOffset;
  }

  long instructions() {
    return (inhibited & INSTRUCTION_BIT) != 0 ? instructionOffset : executed + instructionOffset;
  }

  /** The writing instruction does not count itself. */
  void setCycles(long value) {
    cycleOffset = (inhibited & CYCLE_BIT) != 0 ? value : value - executed - 1;
  }

  void setInstructions(long value) {
    instructionOffset = (inhibited & INSTRUCTION_BIT) != 0 ? value : value - executed - 1;
  }

  long inhibited() {
    return inhibited;
  }

  /** While a counter stands still, its offset holds its value. */
  void inhibit(long bits) {
    long cycles = cycles();
    long instructions = instructions();
    inhibited = bits & (CYCLE_BIT | INSTRUCTION_BIT);
    cycleOffset = (inhibited & CYCLE_BIT) != 0 ? cycles : cycles - executed;
    instructionOffset = (inhibited & INSTRUCTION_BIT) != 0 ? instructions : instructions - executed;
  }

  void reset() {
    executed = cycleOffset = instructionOffset = inhibited = 0;
  }
}
