package io.flatview.rcu.epoch;

/** Makes two policies in a JVM of its own, and prints what is thrown. */
final class FenceProbe {

  private FenceProbe() {}

  /**
   * Runs the program.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try {
        new EpochPolicyProvider().create().close();
      } catch (Throwable e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
