package io.flatview.rcu.epoch;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.flatview.rcu.spi.Flavour;
import java.util.Optional;

/**
 * Chooses, once per process, whether the reader or the writer issues the fence between a reader's store to its slot and
 * its first load.
 */
final class FenceChoice {

  /*
   * membarrier is chosen where it works and the virtual machine is one whose compilers AsymmetricReader can rely on;
   * otherwise, or where the property says "full", each reader fences for itself. The choice is made before the first
   * reader exists and never changes, and each way has a reader class of its own, so that compiled code contains
   * neither a test nor a call for it.
   */

  static final String PROPERTY = "flatview.rcu.epoch.fence";
  static final String MEMBARRIER = "membarrier";
  static final String FULL = "full";

  /** The choice; null before it is made. Guarded by this class. */
  private static Optional<HeavyFence> chosen;

  private FenceChoice() {}

  /** The flavour that suits this process. If the choice fails, the next call tries again. */
  static Flavour flavour() {
    Optional<HeavyFence> fence = fence();
    return fence.isPresent() ? new AsymmetricFlavour(fence.get()) : new FencedFlavour();
  }

  private static synchronized Optional<HeavyFence> fence() {
    if (chosen == null) {
      chosen = choose(System.getProperty(PROPERTY));
    }
    return chosen;
  }

  /** The writer's fence for a value of the property on this machine; empty means that readers issue their own. */
  static Optional<HeavyFence> choose(String wish) {
    if (FULL.equals(wish)) {
      return Optional.empty();
    }
    if (wish != null && !MEMBARRIER.equals(wish)) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + wish + " is unknown; it is " + MEMBARRIER + " or " + FULL);
    }
    try {
      requireKnownCompilers(System.getProperty("java.vm.name"), System.getProperty("java.vendor.version"));
      return Optional.of(Membarrier.register());
    } catch (FenceUnavailableException e) {
      System.getLogger(FenceChoice.class.getName()).log(wish == null ? INFO : WARNING,
          "epoch readers issue a full fence each, as the writer cannot do it for them: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Throws unless the JVM is HotSpot: the argument in AsymmetricReader holds for its compilers only. */
  static void requireKnownCompilers(String vmName, String vendorVersion) throws FenceUnavailableException {
    boolean hotSpot = vmName != null && (vmName.startsWith("OpenJDK ") || vmName.startsWith("Java HotSpot(TM) "));
    if (!hotSpot || (vendorVersion != null && vendorVersion.contains("Graal"))) {
      throw new FenceUnavailableException("the virtual machine is " + vmName + " (" + vendorVersion
          + "), not HotSpot with its own compilers");
    }
  }
}
