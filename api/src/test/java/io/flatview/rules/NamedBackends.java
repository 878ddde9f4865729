package io.flatview.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.util.Arrays;

/** Finds uses of a concrete backend, this project's or another's, by classes that do not put the program together. */
final class NamedBackends extends ArchCondition<JavaClass> {

  private static final String GUICE_MODULE = "com.google.inject.Module";

  NamedBackends() {
    super("leave the reclamation backend to composition");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (ApiSurface.isFlatview(type) || isComposition(type)) {
      return;
    }
    for (Dependency use : type.getDirectDependenciesFromSelf()) {
      if (isBackend(use.getTargetClass()) && !use.getTargetClass().getPackage().equals(type.getPackage())) {
        events.add(SimpleConditionEvent.violated(type, use.getDescription()));
      }
    }
  }

  private static boolean isComposition(JavaClass type) {
    return Arrays.asList(type.getPackageName().split("\\.")).contains("composition")
        || type.isAssignableTo(ReclaimPolicyProvider.class)
        || isMain(type)
        || type.getEnclosingClass().map(NamedBackends::isComposition).orElse(false);
  }

  private static boolean isMain(JavaClass type) {
    return type.isAssignableTo(GUICE_MODULE)
        || type.getMethods().stream().anyMatch(method -> method.getName().equals("main")
            && method.getModifiers().contains(JavaModifier.STATIC));
  }

  /** The engine is one too: a policy is made of it by naming the flavour. */
  static boolean isBackend(JavaClass type) {
    return !type.isInterface() && !ApiSurface.isTestKit(type)
        && (type.isAssignableTo(ReclaimPolicy.class) || type.isAssignableTo(ReclaimPolicyProvider.class));
  }
}
