package io.flatview.dispatch.guice;

import com.google.inject.Binding;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.spi.InstanceBinding;
import com.google.inject.spi.ProvisionListener;

/**
 * Passes closeable objects of Flatview that an injector makes, such as an IOMMU, to the lifecycle. An object is
 * made after the objects that it needs, and so closed before them.
 */
final class SingletonCloser implements ProvisionListener {

  private final Provider<FlatviewLifecycle> lifecycle;

  SingletonCloser(Provider<FlatviewLifecycle> lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** Whether a binding makes a closeable singleton. That of the discovered policy does not: its provider does. */
  static boolean concerns(Binding<?> binding) {
    Class<?> type = binding.getKey().getTypeLiteral().getRawType();
    return AutoCloseable.class.isAssignableFrom(type)
        && type.getName().startsWith("io.flatview.")
        && type != FlatviewLifecycle.class
        && !(binding instanceof InstanceBinding)
        && Scopes.isSingleton(binding);
  }

  @Override
  public <T> void onProvision(ProvisionInvocation<T> provision) {
    if (provision.provision() instanceof AutoCloseable made) {
      lifecycle.get().manage(made);
    }
  }
}
