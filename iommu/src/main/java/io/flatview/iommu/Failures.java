package io.flatview.iommu;

/**
 * The failures of several callbacks: every callback runs, even if others throw. The first failure is thrown again at
 * the end, with up to 16 others suppressed; the rest is dropped, since a guest may cause failures without end. Confined
 * to one thread.
 */
public final class Failures {

  private static final int MOST_SUPPRESSED = 16;

  private Throwable first;
  private int suppressed;

  /** No failure so far. */
  public Failures() {}

  /**
   * Runs a callback and keeps its failure, if it throws one.
   *
   * @param step the callback, run in the calling thread
   */
  public void collect(Runnable step) {
    try {
      step.run();
    } catch (Throwable failure) {
      add(failure);
    }
  }

  private void add(Throwable failure) {
    if (first == null) {
      first = failure;
    } else if (first != failure && suppressed < MOST_SUPPRESSED) {
      suppressed++;
      first.addSuppressed(failure);
    }
  }

  /** Throws the first failure unchanged, even a checked one; returns normally if no callback failed. */
  public void rethrow() {
    if (first != null) {
      throw Failures.<RuntimeException>unchecked(first);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable failure) throws T {
    throw (T) failure;
  }
}
