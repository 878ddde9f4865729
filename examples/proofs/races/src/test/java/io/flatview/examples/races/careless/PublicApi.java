package io.flatview.examples.races.careless;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.Iotlb;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the modules {@code api}, {@code dispatch} and {@code iommu} export, found by reflection. */
final class PublicApi {

  /** Packages that are not for the users meant here. */
  private static final Set<String> LEFT_OUT = Set.of(
      "io.flatview.rcu.spi", // for flavours; the contract suite and the torture cover it
      "io.flatview.mapping.host"); // for authors of memory systems

  private PublicApi() {}

  /** The public classes and interfaces, nested ones included. */
  static List<Class<?>> types() {
    return Stream.of(ReclaimPolicy.class, DispatchMemory.class, Iotlb.class)
        .flatMap(anchor -> typesBeside(anchor).stream())
        .sorted(Comparator.comparing(Class::getName))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Their public methods and constructors. */
  static List<Executable> members() {
    return types().stream()
        .flatMap(type -> Stream.concat(Stream.of(type.getDeclaredMethods()), constructors(type)))
        .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
        .sorted(Comparator.comparing(Executable::toGenericString))
        .collect(Collectors.toUnmodifiableList());
  }

  private static Stream<Executable> constructors(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers()) ? Stream.of() : Stream.of(type.getDeclaredConstructors());
  }

  private static List<Class<?>> typesBeside(Class<?> anchor) {
    try {
      Path home = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
      ModuleReference module = ModuleFinder.of(home).findAll().iterator().next();
      try (ModuleReader reader = module.open(); Stream<String> files = reader.list()) {
        Set<String> packages = exported(module);
        return load(files.filter(file -> packages.contains(packageOf(file))).toList());
      }
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException(anchor + " is nowhere", e);
    }
  }

  private static Set<String> exported(ModuleReference module) {
    return module.descriptor().exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .filter(name -> !LEFT_OUT.contains(name))
        .collect(Collectors.toSet());
  }

  private static String packageOf(String file) {
    boolean isClass = file.endsWith(".class") && !file.endsWith("-info.class");
    return isClass ? file.substring(0, file.lastIndexOf('/')).replace('/', '.') : "";
  }

  private static List<Class<?>> load(List<String> files) {
    List<Class<?>> types = new ArrayList<>();
    for (String file : files) {
      try {
        types.add(Class.forName(
            file.substring(0, file.length() - ".class".length()).replace('/', '.'), false,
            PublicApi.class.getClassLoader()));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(file, e);
      }
    }
    types.removeIf(type -> !isPublic(type));
    return types;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }
}
