package io.flatview.rules;

import io.flatview.rcu.ReadSection;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sections that one method opens. Compiled, try-with-resources is: open, store to a local variable, and at once a
 * range whose handler loads that variable and closes it; with an empty body, the closing alone.
 */
final class OpenedSections {

  private static final String SECTION = "L" + ReadSection.class.getName().replace('.', '/') + ";";

  private final CodeModel code;
  private final List<CodeElement> elements;
  private final boolean handsOn;

  OpenedSections(CodeModel code, boolean handsOn) {
    this.code = code;
    this.elements = code.elementList();
    this.handsOn = handsOn;
  }

  /** The lines that open a section and do not see to its end. */
  List<Integer> looseLines() {
    List<Integer> loose = new ArrayList<>();
    int line = 0;
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LineNumber number) {
        line = number.line();
      } else if (isEnter(elements.get(i)) && !isClosed(i)) {
        loose.add(line);
      }
    }
    return loose;
  }

  private static boolean isEnter(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.name().equalsString("enter")
        && call.type().stringValue().endsWith(")" + SECTION);
  }

  private boolean isClosed(int enter) {
    int next = instructionAfter(enter);
    return switch (elements.get(next)) {
      case StoreInstruction store -> isEmptyTry(next, store.slot()) || isTried(next, store.slot());
      case ReturnInstruction _ -> handsOn;
      default -> false;
    };
  }

  private int instructionAfter(int position) {
    int next = position + 1;
    while (!(elements.get(next) instanceof Instruction)) {
      next++;
    }
    return next;
  }

  /** The variable is loaded, perhaps compared with null, and closed. */
  private boolean isEmptyTry(int store, int slot) {
    int next = instructionAfter(store);
    if (isLoad(next, slot) && elements.get(instructionAfter(next)) instanceof BranchInstruction) {
      next = instructionAfter(instructionAfter(next));
    }
    return isCloseOf(next, slot);
  }

  private boolean isTried(int store, int slot) {
    Set<Label> starts = new HashSet<>();
    for (CodeElement element : elements.subList(store + 1, instructionAfter(store))) {
      if (element instanceof LabelTarget target) {
        starts.add(target.label());
      }
    }
    return code.exceptionHandlers().stream()
        .filter(range -> starts.contains(range.tryStart()))
        .anyMatch(range -> closes(range, slot));
  }

  private boolean closes(ExceptionCatch range, int slot) {
    int handler = 0;
    while (!(elements.get(handler) instanceof LabelTarget target && target.label().equals(range.handler()))) {
      handler++;
    }
    for (int i = handler; i < elements.size() && !(elements.get(i) instanceof ThrowInstruction); i++) {
      if (isCloseOf(i, slot)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCloseOf(int position, int slot) {
    return isLoad(position, slot)
        && elements.get(instructionAfter(position)) instanceof InvokeInstruction call
        && call.name().equalsString("close");
  }

  private boolean isLoad(int position, int slot) {
    return elements.get(position) instanceof LoadInstruction load && load.slot() == slot;
  }
}
