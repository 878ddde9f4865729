package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.flatview.rules.CallGraph.Call;
import io.flatview.rules.CallGraph.Lambda;
import io.flatview.rules.CallGraph.Method;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows the calls of each callback through the imported classes, to the first that waits. */
final class WaitingCallbacks extends ArchCondition<JavaClass> {

  /** A call that a callback leads to, and the way there. */
  private record Step(Method caller, Call call, String way) {}

  private CallGraph graph;

  WaitingCallbacks() {
    super("not wait in callbacks");
  }

  @Override
  public void init(Collection<JavaClass> classes) {
    graph = new CallGraph(classes);
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (ApiSurface.isFlatview(type)) {
      return;
    }
    Set<String> names = callbackNames(type);
    graph.methodsOf(type.getName()).stream()
        .filter(method -> names.contains(method.name()))
        .forEach(method -> follow(type, method, method.toString(), events));
    for (Lambda lambda : graph.lambdasOf(type.getName())) {
      if (Callbacks.isOne(lambda.interfaceName())) {
        String simple = lambda.interfaceName().substring(lambda.interfaceName().lastIndexOf('.') + 1);
        String way = "the " + simple + " made at " + at(type, lambda.line());
        Waits.of(lambda.body()).ifPresent(what -> events.add(
            SimpleConditionEvent.violated(type, way + " is " + lambda.body() + ", which " + what)));
        follow(type, lambda.body(), way, events);
      }
    }
  }

  private static Set<String> callbackNames(JavaClass type) {
    return type.getAllRawInterfaces().stream()
        .filter(candidate -> Callbacks.isOne(candidate.getName()))
        .flatMap(candidate -> candidate.getMethods().stream())
        .map(JavaMethod::getName)
        .collect(Collectors.toSet());
  }

  private void follow(JavaClass type, Method root, String way, ConditionEvents events) {
    Set<Method> seen = new HashSet<>(Set.of(root));
    Deque<Step> next = new ArrayDeque<>();
    graph.callsOf(root).forEach(call -> next.add(new Step(root, call, way)));
    while (!next.isEmpty()) {
      Step step = next.remove();
      Method target = step.call().target();
      Waits.of(target).ifPresent(what -> events.add(SimpleConditionEvent.violated(type,
          step.way() + " calls " + target + ", which " + what + ", at " + at(step.caller(), step.call().line()))));
      if (seen.add(target)) {
        graph.callsOf(target).forEach(call -> next.add(new Step(target, call, step.way() + " -> " + target)));
      }
    }
  }

  private static String at(JavaClass type, int line) {
    return at(new Method(type.getName(), "", ""), line);
  }

  /** The place in the form that development environments make a link of. */
  private static String at(Method method, int line) {
    String type = method.owner().substring(method.owner().lastIndexOf('.') + 1);
    int nested = type.indexOf('$');
    return "(" + (nested < 0 ? type : type.substring(0, nested)) + ".java:" + line + ")";
  }
}
