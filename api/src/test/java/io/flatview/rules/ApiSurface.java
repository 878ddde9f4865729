package io.flatview.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.contract.ReclaimPolicyContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which classes are Flatview's, and which of them are for users: those in packages that their module exports. The
 * module descriptor is found beside the class, also on the class path; classes without one count as exported.
 */
final class ApiSurface {

  private static final List<String> FLATVIEW = List.of(
      "io.flatview.memory", "io.flatview.device", "io.flatview.mapping", "io.flatview.rcu", "io.flatview.dispatch",
      "io.flatview.iommu", "io.flatview.rules");
  private static final String TESTS = ReclaimPolicyContract.class.getPackageName();
  private static final String ENGINE = "io.flatview.rcu.spi";
  private static final Map<URI, Optional<ModuleDescriptor>> MODULES = new ConcurrentHashMap<>();

  private ApiSurface() {}

  static boolean isFlatview(JavaClass type) {
    return FLATVIEW.stream().anyMatch(name -> isIn(type, name));
  }

  private static boolean isIn(JavaClass type, String name) {
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }

  static boolean isTestKit(JavaClass type) {
    return isIn(type, TESTS) || isIn(type, FlatviewRules.class.getPackageName());
  }

  static boolean isEngine(JavaClass type) {
    return isIn(type, ENGINE);
  }

  /** Whether a class stands in the package of a flavour. */
  static boolean isOfAFlavour(JavaClass type) {
    JavaPackage home = type.getPackage();
    return home.getClasses().stream().anyMatch(neighbour -> neighbour.isAssignableTo(ReclaimPolicyProvider.class));
  }

  static boolean isExported(JavaClass type) {
    return isTestKit(type) || moduleOf(type)
        .map(module -> module.exports().stream()
            .anyMatch(export -> !export.isQualified() && export.source().equals(type.getPackageName())))
        .orElse(true);
  }

  private static Optional<ModuleDescriptor> moduleOf(JavaClass type) {
    return type.getSource().flatMap(source -> {
      String file = source.getUri().toString();
      String path = outermost(type).replace('.', '/');
      int root = file.lastIndexOf(path);
      return root < 0 ? Optional.empty()
          : MODULES.computeIfAbsent(URI.create(file.substring(0, root) + "module-info.class"), ApiSurface::read);
    });
  }

  private static String outermost(JavaClass type) {
    return Arrays.stream(type.getName().split("\\$")).findFirst().orElseThrow();
  }

  private static Optional<ModuleDescriptor> read(URI descriptor) {
    try {
      return Optional.of(ModuleDescriptor.read(new ByteArrayInputStream(Bytecode.read(descriptor))));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
