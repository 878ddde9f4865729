package io.flatview.dispatch.guice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Closes the objects of Flatview that an injector made, the latest first: memory systems before the policy that
 * reclaims for them, and other closeable singletons, such as an IOMMU, before the memory system that they use. That
 * includes singletons of a provider of the program's own, such as another policy. An object that was bound as an
 * instance, or that a provider makes anew for each use, belongs to its maker and stays open.
 *
 * <p><b>Threading.</b> All methods may be called by any thread.
 */
@Singleton
public final class FlatviewLifecycle implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  @Inject
  FlatviewLifecycle() {}

  /**
   * Takes a resource over, to be closed before all that were taken over earlier.
   *
   * @param <T> the type of the resource
   * @param resource the resource to close
   * @return the same resource
   * @throws IllegalStateException if the lifecycle is closed; the resource is closed then
   */
  public <T extends AutoCloseable> T manage(T resource) {
    if (!push(resource)) {
      IllegalStateException late = new IllegalStateException(
          "the lifecycle of this injector was closed before " + resource.getClass().getName()
              + " was made; make another injector");
      Throwable thrown = end(resource);
      if (thrown != null) {
        late.addSuppressed(thrown);
      }
      throw late;
    }
    return resource;
  }

  private synchronized boolean push(AutoCloseable resource) {
    if (!closed) {
      open.push(resource);
    }
    return !closed;
  }

  /**
   * Closes everything, also after a failure. Closing again closes what could not be closed before, such as a memory
   * system inside one of its own callbacks.
   *
   * @throws IllegalStateException if a resource could not be closed; its causes are the first failure and, suppressed,
   *     the others
   */
  @Override
  public void close() {
    List<AutoCloseable> left = new ArrayList<>();
    IllegalStateException failure = null;
    for (AutoCloseable next = pop(); next != null; next = pop()) {
      Throwable thrown = end(next);
      if (thrown != null) {
        left.add(next);
        failure = joined(failure, next, thrown);
      }
    }
    keep(left);
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized AutoCloseable pop() {
    closed = true;
    return open.poll();
  }

  private synchronized void keep(List<AutoCloseable> left) {
    open.addAll(left);
  }

  private static Throwable end(AutoCloseable resource) {
    try {
      resource.close();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private static IllegalStateException joined(IllegalStateException earlier, AutoCloseable resource, Throwable thrown) {
    if (earlier == null) {
      return new IllegalStateException(resource.getClass().getName() + " could not be closed", thrown);
    }
    earlier.addSuppressed(thrown);
    return earlier;
  }
}
