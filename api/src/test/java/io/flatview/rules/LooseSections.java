package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.flatview.memory.MapReader;
import io.flatview.rcu.Reader;
import java.lang.classfile.MethodModel;
import java.util.List;

/** Finds sections that no try statement closes. A reader that wraps another may hand its section on. */
final class LooseSections extends ArchCondition<JavaClass> {

  LooseSections() {
    super("open sections with try-with-resources");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (ApiSurface.isFlatview(type)) {
      return;
    }
    boolean wraps = type.isAssignableTo(MapReader.class) || type.isAssignableTo(Reader.class);
    Bytecode.of(type).ifPresent(model -> {
      for (MethodModel method : model.methods()) {
        boolean handsOn = wraps && method.methodName().equalsString("enter");
        List<Integer> lines = method.code().map(code -> new OpenedSections(code, handsOn).looseLines())
            .orElse(List.of());
        lines.forEach(line -> events.add(SimpleConditionEvent.violated(type, "Class <" + type.getFullName()
            + "> opens a section that no try statement closes in " + at(type, line))));
      }
    });
  }

  private static String at(JavaClass type, int line) {
    return "(" + type.getSource().flatMap(source -> source.getFileName()).orElse(type.getSimpleName()) + ":" + line
        + ")";
  }
}
