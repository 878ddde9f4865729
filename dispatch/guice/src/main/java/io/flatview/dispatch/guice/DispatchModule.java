package io.flatview.dispatch.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.multibindings.OptionalBinder;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.annotation.Annotation;
import java.util.Objects;

/**
 * Binds one {@link MemorySystem}, with its policy and options.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new DispatchModule());
 * try (FlatviewLifecycle flatview = injector.getInstance(FlatviewLifecycle.class)) {
 *   MemorySystem memory = injector.getInstance(MemorySystem.class);
 *   ...
 * }
 * }</pre>
 *
 * <p>{@link ReclaimPolicy} is bound to the flavour on the class path or module path, as
 * {@link io.flatview.rcu.ReclaimPolicies#discover()} finds it, and {@link DispatchOptions} to the defaults. To use
 * others, bind them in a module of your own:
 *
 * <pre>{@code
 * OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class).setBinding().toInstance(policy);
 * OptionalBinder.newOptionalBinder(binder(), DispatchOptions.class).setBinding().toInstance(options);
 * }</pre>
 *
 * <p><b>Several memory systems</b> in one injector have a binding annotation each:
 *
 * <pre>{@code
 * Guice.createInjector(DispatchModule.annotatedWith(Board.class), DispatchModule.annotatedWith(Card.class));
 *
 * @Inject
 * Machine(@Board MemorySystem board, @Card MemorySystem card) {...}
 * }</pre>
 *
 * <p>They share the policy and the options that are bound without an annotation, unless the {@code OptionalBinder} of
 * {@code Key.get(ReclaimPolicy.class, Board.class)} or {@code Key.get(DispatchOptions.class, Board.class)} is given one
 * for that board alone. Messages name them after their annotations, unless the options have {@linkplain
 * DispatchOptions#withName a name}.
 *
 * <p>Everything is a singleton, made when it is first needed, or with the injector in the production stage. {@link
 * FlatviewLifecycle} closes it. Installing an equal module twice is the same as installing it once; but of an injector
 * and its child, only one may install modules of this class, with other annotations too, as both would bind what these
 * share. No interceptor is used.
 */
public final class DispatchModule extends AbstractModule {

  private final Class<? extends Annotation> annotation;

  /** Binds {@link MemorySystem} without an annotation. */
  public DispatchModule() {
    this(null);
  }

  private DispatchModule(Class<? extends Annotation> annotation) {
    this.annotation = annotation;
  }

  /**
   * Binds a memory system of its own with a binding annotation.
   *
   * @param annotation the annotation that tells it apart; itself annotated with {@code @Qualifier} or {@code
   *     @BindingAnnotation}, and retained at run time, or else the injector cannot be made
   * @return a new module
   */
  public static DispatchModule annotatedWith(Class<? extends Annotation> annotation) {
    return new DispatchModule(Objects.requireNonNull(annotation, "annotation"));
  }

  @Override
  protected void configure() {
    install(new ReclaimModule());
    if (annotation == null) {
      install(new MemorySystemModule(Key::get));
    } else if (isBindingAnnotation()) {
      defaultsOfItsOwn(ReclaimPolicy.class);
      defaultsOfItsOwn(DispatchOptions.class);
      install(new MemorySystemModule(this::annotated));
    }
  }

  private boolean isBindingAnnotation() {
    try {
      annotated(MemorySystem.class);
      return true;
    } catch (IllegalArgumentException e) {
      addError("DispatchModule.annotatedWith(%s.class) needs a binding annotation: annotate %s with"
          + " @jakarta.inject.Qualifier and @Retention(RetentionPolicy.RUNTIME)",
          annotation.getSimpleName(), annotation.getName());
      return false;
    }
  }

  private <T> void defaultsOfItsOwn(Class<T> type) {
    OptionalBinder.newOptionalBinder(binder(), annotated(type)).setDefault().to(type);
  }

  private <T> Key<T> annotated(Class<T> type) {
    return Key.get(type, annotation);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DispatchModule module && module.annotation == annotation;
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(annotation);
  }

  @Override
  public String toString() {
    return annotation == null ? "DispatchModule" : "DispatchModule@" + annotation.getSimpleName();
  }
}
