package io.flatview.rcu;

/**
 * Makes policies of one flavour. Found by {@link java.util.ServiceLoader}: declare it both in {@code module-info} and
 * in {@code META-INF/services}.
 */
public interface ReclaimPolicyProvider {

  /**
   * The name of the flavour, by which users choose it.
   *
   * @return a short lower-case word, unique among providers
   */
  String name();

  /**
   * Makes a policy.
   *
   * @param options the limits of the policy
   * @return a new policy, to be closed by the caller
   */
  ReclaimPolicy create(ReclaimOptions options);

  /**
   * Makes a policy with the usual options.
   *
   * @return a new policy, to be closed by the caller
   */
  default ReclaimPolicy create() {
    return create(ReclaimOptions.defaults());
  }
}
