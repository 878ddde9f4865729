package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.flatview.memory.MapReader;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ThreadConfined;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds fields that hold a section, a translation or a reader, also inside a collection or a thread local. A flavour
 * may keep its readers, and an object that is confined to a thread, and says so, the one of its thread.
 */
final class StoredViews extends ArchCondition<JavaField> {

  private static final List<Class<?>> CONFINED =
      List.of(ReadSection.class, Translation.class, MapReader.class, Reader.class);

  StoredViews() {
    super("not hold a section, a translation or a reader");
  }

  @Override
  public void check(JavaField field, ConditionEvents events) {
    if (ApiSurface.isFlatview(field.getOwner()) || ApiSurface.isOfAFlavour(field.getOwner()) || isCaptured(field)) {
      return;
    }
    for (JavaClass type : field.getType().getAllInvolvedRawTypes()) {
      CONFINED.stream()
          .filter(confined -> type.isAssignableTo(confined) && !field.getOwner().isAssignableTo(confined))
          .filter(confined -> !isOfOneThread(field) || !isReader(field.getRawType()))
          .forEach(confined -> events.add(SimpleConditionEvent.violated(field, "Field <" + field.getFullName()
              + "> keeps a " + confined.getSimpleName() + " in " + field.getSourceCodeLocation())));
    }
  }

  /** What Flatview calls is called by the threads of all readers, whatever it says of itself. */
  private static boolean isOfOneThread(JavaField field) {
    return !field.getModifiers().contains(JavaModifier.STATIC)
        && field.getOwner().isAnnotatedWith(ThreadConfined.class)
        && field.getOwner().getAllRawInterfaces().stream().noneMatch(type -> Callbacks.isOne(type.getName()));
  }

  private static boolean isReader(JavaClass type) {
    return Stream.of(MapReader.class, Reader.class).anyMatch(type::isAssignableTo);
  }

  /** The local variable that an inner class uses, which the compiler copies into a field. */
  private static boolean isCaptured(JavaField field) {
    return field.getModifiers().contains(JavaModifier.SYNTHETIC);
  }
}
