package io.flatview.dispatch.guice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes the objects of Flatview that an injector made, the latest first: memory systems before the policy that
 * reclaims for them, and other closeable singletons, such as an IOMMU, before the memory system that they use. An
 * object that was bound as an instance belongs to its maker and stays open.
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
      closeAfter(late, resource);
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
   * Closes everything, also after a failure. Closing again does nothing.
   *
   * @throws IllegalStateException if a resource could not be closed; its causes are the first failure and, suppressed,
   *     the others
   */
  @Override
  public void close() {
    IllegalStateException failure = null;
    for (AutoCloseable next = pop(); next != null; next = pop()) {
      failure = closeAfter(failure, next);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized AutoCloseable pop() {
    closed = true;
    return open.poll();
  }

  private static IllegalStateException closeAfter(IllegalStateException earlier, AutoCloseable resource) {
    try {
      resource.close();
      return earlier;
    } catch (Exception e) {
      if (earlier == null) {
        return new IllegalStateException(resource.getClass().getName() + " could not be closed", e);
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }
}
