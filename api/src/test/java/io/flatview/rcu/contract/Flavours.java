package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicyProvider;
import java.util.List;
import java.util.ServiceLoader;

/** The flavours that are found, for tests that run on each. */
public final class Flavours {

  private Flavours() {}

  /**
   * Looks for flavours.
   *
   * @param expected how many there are at least; a test on none would prove nothing
   * @return what {@link ServiceLoader} finds
   */
  public static List<ReclaimPolicyProvider> found(int expected) {
    Flavours.class.getModule().addUses(ReclaimPolicyProvider.class);
    List<ReclaimPolicyProvider> found =
        ServiceLoader.load(ReclaimPolicyProvider.class).stream().map(ServiceLoader.Provider::get).toList();
    assertTrue(found.size() >= expected, () -> "flavours on the class path or module path: " + found);
    return found;
  }

  /**
   * Names the project's own flavours among those that are found, and leaves out a third party's.
   *
   * @return at least one name, sorted
   */
  public static List<String> names() {
    return found(1).stream()
        .filter(provider -> provider.getClass().getName().startsWith("io.flatview.rcu."))
        .map(ReclaimPolicyProvider::name)
        .sorted()
        .toList();
  }
}
