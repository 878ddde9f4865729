package io.flatview.rcu;

import java.util.Objects;

/**
 * Finds the reclamation flavour on the class path or module path.
 *
 * <p>Providers are looked for with the context class loader of the calling thread, and if that finds none, with the
 * loader of this class: the context class loader of a container's thread need not see the jar of this library.
 *
 * <p>If exactly one provider is found, it is used. Of several, a name chooses one: an argument, or the system property
 * {@value #PROPERTY}. Otherwise a {@link ReclaimDiscoveryException} says which providers were found and how to choose.
 *
 * <p>A provider that throws an exception, has no name or belongs to another copy of this library cannot be used. It
 * counts as found, so that no other one is used in its place unless a name chooses that; the exception says what is
 * wrong with it. If the context class loader finds none that can be used, the other loader is tried.
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
    return create(System.getProperty(PROPERTY), options);
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
    return create(Objects.requireNonNull(name, "name"), options);
  }

  private static ReclaimPolicy create(String name, ReclaimOptions options) {
    Objects.requireNonNull(options, "options");
    ReclaimPolicyProvider provider = find().choose(name);
    ReclaimPolicy policy = provider.create(options);
    if (policy == null) {
      throw new ReclaimDiscoveryException("the provider " + provider.getClass().getName() + " made no policy");
    }
    return policy;
  }

  private static FoundProviders find() {
    FoundProviders found = FoundProviders.by(Thread.currentThread().getContextClassLoader());
    if (found.hasUsable()) {
      return found;
    }
    FoundProviders other = FoundProviders.by(ReclaimPolicies.class.getClassLoader());
    return other.hasUsable() ? other : other.after(found);
  }
}
