package io.flatview.rcu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The providers that a search has found, and the faults of those that cannot be used. */
final class FoundProviders {

  /** A loader that cannot read its files may fail at every step. */
  private static final int MOST_FAULTS = 64;

  /** A provider, with the name that it gave when it was asked first. */
  private record Named(String name, ReclaimPolicyProvider provider) {

    @Override
    public String toString() {
      return name + " (" + provider.getClass().getName() + ")";
    }
  }

  private final List<Named> usable = new ArrayList<>();
  private final List<Throwable> faults = new ArrayList<>();

  /** Searches with a class loader; null stands for that of the system. */
  static FoundProviders by(ClassLoader loader) {
    return of(ServiceLoader.load(ReclaimPolicyProvider.class, loader).iterator());
  }

  /** Takes all providers of an iterator, which may throw at each, and goes on with the next. */
  static FoundProviders of(Iterator<ReclaimPolicyProvider> providers) {
    FoundProviders found = new FoundProviders();
    while (found.faults.size() < MOST_FAULTS && found.takesNext(providers)) {
      // takes another
    }
    if (found.usable.size() > 1) {
      found.usable.sort(Comparator.comparing(Named::name));
    }
    return found;
  }

  private boolean takesNext(Iterator<ReclaimPolicyProvider> providers) {
    try {
      return providers.hasNext() && take(providers.next());
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) { // thrown by the provider, or by its class as it was loaded
      faults.add(e);
      return true;
    }
  }

  private boolean take(ReclaimPolicyProvider provider) {
    String name = provider.name();
    if (name == null) {
      throw new NullPointerException("the provider " + provider.getClass().getName() + " has no name");
    }
    return usable.add(new Named(name, provider));
  }

  boolean hasUsable() {
    return !usable.isEmpty();
  }

  /** Takes over the faults of an earlier search, for the exception. */
  FoundProviders after(FoundProviders earlier) {
    faults.addAll(0, earlier.faults);
    return this;
  }

  /** The only provider if {@code name} is null, or else the only one of that name. */
  ReclaimPolicyProvider choose(String name) {
    return name == null ? only() : named(name);
  }

  private ReclaimPolicyProvider only() {
    if (usable.isEmpty()) {
      throw none();
    }
    if (usable.size() + faults.size() > 1) {
      throw refusal("found " + usable.size() + " reclamation flavours: " + describe(usable)
          + "; leave one jar on the class path or module path, or choose one with -D" + ReclaimPolicies.PROPERTY + "="
          + usable.getFirst().name());
    }
    return usable.getFirst().provider();
  }

  private ReclaimPolicyProvider named(String name) {
    List<Named> matching = new ArrayList<>();
    for (Named each : usable) {
      if (each.name().equals(name)) {
        matching.add(each);
      }
    }
    if (matching.size() == 1) {
      return matching.getFirst().provider();
    }
    if (usable.isEmpty()) {
      throw none();
    }
    throw refusal(matching.isEmpty()
        ? "no reclamation flavour named '" + name + "'; found: " + describe(usable) + "; choose one of these with -D"
            + ReclaimPolicies.PROPERTY + "=<name>"
        : "found " + matching.size() + " reclamation flavours named '" + name + "': " + describe(matching)
            + "; leave one of them on the class path or module path");
  }

  private ReclaimDiscoveryException none() {
    return refusal("found no reclamation flavour; add one of flatview-rcu-epoch, flatview-rcu-qsbr or"
        + " flatview-rcu-refcount, or another provider of " + ReclaimPolicyProvider.class.getName()
        + ", to the class path or module path");
  }

  private static String describe(List<Named> providers) {
    return providers.stream().map(Named::toString).collect(Collectors.joining(", "));
  }

  private ReclaimDiscoveryException refusal(String message) {
    ReclaimDiscoveryException refusal = new ReclaimDiscoveryException(faults.isEmpty() ? message : message
        + "; providers that cannot be used: "
        + faults.stream().map(Throwable::toString).distinct().collect(Collectors.joining(", ")));
    faults.forEach(refusal::addSuppressed);
    return refusal;
  }
}
