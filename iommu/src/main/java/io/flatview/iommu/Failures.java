package io.flatview.iommu;

/**
 * What was thrown while several parties were told of something: each is told, whatever the others throw, and the first
 * failure goes on with the next few suppressed, since a guest may cause them without end. Confined to one thread.
 */
public final class Failures {

  private static final int MOST_SUPPRESSED = 16;

  private Throwable first;
  private int suppressed;

  /** Without failures. */
  public Failures() {}

  /**
   * Runs a step and keeps what it throws.
   *
   * @param step runs in the calling thread
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

  /** Throws what was kept, unchanged and also if it is checked; returns if nothing was. */
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
