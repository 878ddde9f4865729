package io.flatview.dispatch.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;

/**
 * Binds {@link MemorySystem}, one for the injector.
 *
 * <p>{@link ReclaimPolicy} is bound to the flavour that {@link ReclaimPolicies#discover()} finds, and
 * {@link DispatchOptions} to the defaults. To use another, set it in a module of your own:
 * {@code OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class).setBinding().toInstance(policy)}.
 */
public final class DispatchModule extends AbstractModule {

  /** A module with nothing to configure. */
  public DispatchModule() {}

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class)
        .setDefault()
        .toProvider(ReclaimPolicies::discover)
        .in(Singleton.class);
    OptionalBinder.newOptionalBinder(binder(), DispatchOptions.class)
        .setDefault()
        .toInstance(DispatchOptions.defaults());
  }

  @Provides
  @Singleton
  MemorySystem memorySystem(ReclaimPolicy policy, DispatchOptions options) {
    return DispatchMemory.create(policy, options);
  }
}
