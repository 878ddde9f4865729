package io.flatview.dispatch.guice;

import com.google.inject.Binding;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.spi.ProvisionListener;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;

/**
 * Passes other closeable objects of Flatview that an injector makes, such as an IOMMU, to the lifecycle. An object is
 * made after the objects that it needs, and so closed before them.
 */
final class SingletonCloser implements ProvisionListener {

  private final Provider<FlatviewLifecycle> lifecycle;

  SingletonCloser(Provider<FlatviewLifecycle> lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** Whether a binding is of a closeable singleton; memory systems and policies are handed over by their makers. */
  static boolean concerns(Binding<?> binding) {
    Class<?> type = binding.getKey().getTypeLiteral().getRawType();
    return AutoCloseable.class.isAssignableFrom(type)
        && type.getName().startsWith("io.flatview.")
        && type != FlatviewLifecycle.class
        && !MemorySystem.class.isAssignableFrom(type)
        && !ReclaimPolicy.class.isAssignableFrom(type)
        && Scopes.isSingleton(binding);
  }

  @Override
  public <T> void onProvision(ProvisionInvocation<T> provision) {
    if (provision.provision() instanceof AutoCloseable made) {
      lifecycle.get().manage(made);
    }
  }
}
