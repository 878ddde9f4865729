package io.flatview.dispatch.guice;

import com.google.inject.Key;
import com.google.inject.PrivateModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;

/** One memory system: only {@link MemorySystem} is visible from outside. */
final class MemorySystemModule extends PrivateModule {

  /** The key of a type, with the annotation of this memory system if it has one. */
  interface Keys {
    <T> Key<T> of(Class<T> type);
  }

  private final Keys keys;

  MemorySystemModule(Keys keys) {
    this.keys = keys;
  }

  @Override
  protected void configure() {
    Provider<ReclaimPolicy> policy = getProvider(keys.of(ReclaimPolicy.class));
    Provider<DispatchOptions> options = getProvider(keys.of(DispatchOptions.class));
    Key<MemorySystem> exposed = keys.of(MemorySystem.class);
    bind(exposed)
        .toProvider(() -> DispatchMemory.create(policy.get(), named(options.get(), exposed)))
        .in(Singleton.class);
    expose(exposed);
  }

  /** The annotation is the name, in messages that tell memory systems apart, unless the options have another. */
  private static DispatchOptions named(DispatchOptions options, Key<MemorySystem> exposed) {
    boolean unnamed = options.name().isEmpty() && exposed.getAnnotationType() != null;
    return unnamed ? options.withName(exposed.getAnnotationType().getSimpleName()) : options;
  }
}
