package io.flatview.dispatch.guice;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.rcu.ReclaimPolicy;

/**
 * The bindings that all memory systems of an injector share by default. All instances are equal, so Guice installs only
 * one.
 */
final class ReclaimModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(FlatviewLifecycle.class);
    bindListener(SingletonCloser::concerns, new SingletonCloser(getProvider(FlatviewLifecycle.class)));
    OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class).setDefault().toProvider(DiscoveredPolicy.class);
    OptionalBinder.newOptionalBinder(binder(), DispatchOptions.class)
        .setDefault()
        .toInstance(DispatchOptions.defaults());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReclaimModule;
  }

  @Override
  public int hashCode() {
    return ReclaimModule.class.hashCode();
  }
}
