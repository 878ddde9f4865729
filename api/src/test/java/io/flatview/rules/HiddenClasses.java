package io.flatview.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Finds uses of classes that no module of Flatview exports, and of the engine outside flavours. */
final class HiddenClasses extends ArchCondition<JavaClass> {

  HiddenClasses() {
    super("use only what Flatview exports");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (ApiSurface.isFlatview(type)) {
      return;
    }
    boolean flavour = ApiSurface.isOfAFlavour(type);
    for (Dependency use : type.getDirectDependenciesFromSelf()) {
      if (ApiSurface.isFlatview(use.getTargetClass()) && isHidden(use.getTargetClass(), flavour)) {
        events.add(SimpleConditionEvent.violated(type, use.getDescription()));
      }
    }
  }

  /** A backend is not exported either; another rule says which classes may name it. */
  private static boolean isHidden(JavaClass used, boolean flavour) {
    return !ApiSurface.isExported(used) && !NamedBackends.isBackend(used) || ApiSurface.isEngine(used) && !flavour;
  }
}
