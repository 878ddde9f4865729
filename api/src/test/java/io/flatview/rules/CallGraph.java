package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls among the imported classes, with the bodies of lambdas as methods of their own. */
final class CallGraph {

  /** A method, by the name of its class, its own and its descriptor. */
  record Method(String owner, String name, String descriptor) {

    @Override
    public String toString() {
      String type = owner.substring(owner.lastIndexOf('.') + 1).replace('$', '.');
      return name.startsWith("lambda$") ? "a lambda of " + type : type + "." + name;
    }
  }

  /** A call, and the line that it stands in. */
  record Call(Method target, int line) {}

  /** A lambda or method reference: which interface it is made for, and what it runs. */
  record Lambda(String interfaceName, Method body, int line) {}

  private final Map<Method, List<Call>> calls = new HashMap<>();
  private final Map<String, List<Method>> methods = new HashMap<>();
  private final Map<String, List<Lambda>> lambdas = new HashMap<>();
  private final Map<String, String> superclasses = new HashMap<>();

  CallGraph(Collection<JavaClass> classes) {
    classes.forEach(type -> Bytecode.of(type).ifPresent(model -> add(type.getName(), model)));
  }

  private void add(String owner, ClassModel model) {
    model.superclass().ifPresent(type -> superclasses.put(owner, Bytecode.name(type.asInternalName())));
    for (MethodModel method : model.methods()) {
      method.code().ifPresent(code -> add(
          new Method(owner, method.methodName().stringValue(), method.methodType().stringValue()), code));
    }
  }

  private void add(Method caller, CodeModel code) {
    methods.computeIfAbsent(caller.owner(), name -> new ArrayList<>()).add(caller);
    List<Call> made = calls.computeIfAbsent(caller, m -> new ArrayList<>());
    int line = 0;
    for (CodeElement element : code) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case InvokeInstruction call -> made.add(new Call(target(call), line));
        case InvokeDynamicInstruction lambda -> addLambda(caller.owner(), lambda, line);
        default -> { }
      }
    }
  }

  private static Method target(InvokeInstruction call) {
    return new Method(
        Bytecode.name(call.owner().asSymbol()), call.name().stringValue(), call.type().stringValue());
  }

  private void addLambda(String owner, InvokeDynamicInstruction made, int line) {
    for (ConstantDesc argument : made.bootstrapArgs()) {
      if (argument instanceof DirectMethodHandleDesc body) {
        Method method = new Method(Bytecode.name(body.owner()), body.methodName(), body.lookupDescriptor());
        lambdas.computeIfAbsent(owner, name -> new ArrayList<>())
            .add(new Lambda(Bytecode.name(made.typeSymbol().returnType()), method, line));
      }
    }
  }

  /** The lambdas and method references that a class makes. */
  List<Lambda> lambdasOf(String owner) {
    return lambdas.getOrDefault(owner, List.of());
  }

  /** The methods with code that a class declares, the bodies of its lambdas included. */
  List<Method> methodsOf(String owner) {
    return methods.getOrDefault(owner, List.of());
  }

  /** The calls of a method, or of the one that it inherits; nothing for a method that was not imported. */
  List<Call> callsOf(Method method) {
    return imported(method).map(calls::get).orElse(List.of());
  }

  private Optional<Method> imported(Method method) {
    for (String owner = method.owner(); owner != null; owner = superclasses.get(owner)) {
      Method candidate = new Method(owner, method.name(), method.descriptor());
      if (calls.containsKey(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
