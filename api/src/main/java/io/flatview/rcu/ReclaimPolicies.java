package io.flatview.rcu;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Finds the reclamation flavour on the class path or module path.
 *
 * <p>Providers are looked for with the context class loader of the calling thread, and if that finds none, with the
 * loader of this class: the context class loader of a container's thread need not see the jar of this library.
 *
 * <p>If exactly one provider is found, it is used. Of several, a name chooses one: an argument, or the system property
 * {@value #PROPERTY}. Otherwise a {@link ReclaimDiscoveryException} says which providers were found and how to choose.
 */
public final class ReclaimPolicies {

  /** The system property that names a flavour when several are found. */
  public static final String PROPERTY = "flatview.rcu";

  private ReclaimPolicies() {}

  /**
   * Makes a policy of the only flavour found, or of the one that {@value #PROPERTY} names.
   *
   * @return a new policy, to be closed by the caller
   * @throws ReclaimDiscoveryException if there is no single choice
   */
  public static ReclaimPolicy discover() {
    return discover(ReclaimOptions.defaults());
  }

  /**
   * Makes a policy of the only flavour found, or of the one that {@value #PROPERTY} names.
   *
   * @param options the limits of the policy
   * @return a new policy, to be closed by the caller
   * @throws ReclaimDiscoveryException if there is no single choice
   */
  public static ReclaimPolicy discover(ReclaimOptions options) {
    return choose(load(), System.getProperty(PROPERTY)).create(options);
  }

  /**
   * Makes a policy of a named flavour.
   *
   * @param name the name that the provider returns
   * @return a new policy, to be closed by the caller
   * @throws ReclaimDiscoveryException if it was not found
   */
  public static ReclaimPolicy discover(String name) {
    return discover(name, ReclaimOptions.defaults());
  }

  /**
   * Makes a policy of a named flavour.
   *
   * @param name the name that the provider returns
   * @param options the limits of the policy
   * @return a new policy, to be closed by the caller
   * @throws ReclaimDiscoveryException if it was not found
   */
  public static ReclaimPolicy discover(String name, ReclaimOptions options) {
    return choose(load(), Objects.requireNonNull(name, "name")).create(options);
  }

  private static List<ReclaimPolicyProvider> load() {
    List<ReclaimPolicyProvider> found = load(Thread.currentThread().getContextClassLoader());
    return found.isEmpty() ? load(ReclaimPolicies.class.getClassLoader()) : found;
  }

  private static List<ReclaimPolicyProvider> load(ClassLoader loader) {
    return ServiceLoader.load(ReclaimPolicyProvider.class, loader).stream().map(ServiceLoader.Provider::get).toList();
  }

  /** The only provider if {@code name} is null, or else the only one of that name. */
  static ReclaimPolicyProvider choose(List<ReclaimPolicyProvider> found, String name) {
    List<ReclaimPolicyProvider> providers =
        found.stream().sorted(Comparator.comparing(ReclaimPolicyProvider::name)).toList();
    return name == null ? only(providers) : named(providers, name);
  }

  private static ReclaimPolicyProvider only(List<ReclaimPolicyProvider> providers) {
    if (providers.isEmpty()) {
      throw none();
    }
    if (providers.size() > 1) {
      throw new ReclaimDiscoveryException(
          "found " + providers.size() + " reclamation flavours: " + describe(providers)
              + "; leave one jar on the class path or module path, or choose one with -D" + PROPERTY + "="
              + providers.getFirst().name());
    }
    return providers.getFirst();
  }

  private static ReclaimPolicyProvider named(List<ReclaimPolicyProvider> providers, String name) {
    List<ReclaimPolicyProvider> matching = providers.stream().filter(p -> p.name().equals(name)).toList();
    if (matching.size() == 1) {
      return matching.getFirst();
    }
    if (providers.isEmpty()) {
      throw none();
    }
    if (matching.isEmpty()) {
      throw new ReclaimDiscoveryException(
          "no reclamation flavour named '" + name + "'; found: " + describe(providers)
              + "; choose one of these with -D" + PROPERTY + "=<name>");
    }
    throw new ReclaimDiscoveryException(
        "found " + matching.size() + " reclamation flavours named '" + name + "': " + describe(matching)
            + "; leave one of them on the class path or module path");
  }

  private static ReclaimDiscoveryException none() {
    return new ReclaimDiscoveryException(
        "found no reclamation flavour; add one of flatview-rcu-epoch, flatview-rcu-qsbr or flatview-rcu-refcount, or"
            + " another provider of " + ReclaimPolicyProvider.class.getName() + ", to the class path or module path");
  }

  private static String describe(List<ReclaimPolicyProvider> providers) {
    return providers.stream()
        .map(p -> p.name() + " (" + p.getClass().getName() + ")")
        .collect(Collectors.joining(", "));
  }
}
