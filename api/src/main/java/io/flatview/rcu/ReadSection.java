package io.flatview.rcu;

/**
 * An open read-side section: every object that its reader finds stays valid until {@link #close()}. Use it with
 * try-with-resources only, and never keep it in a field.
 */
public interface ReadSection extends AutoCloseable {

  /**
   * Leaves the section. References that were read inside must not be used any more. Takes no lock, does not block.
   *
   * @throws IllegalStateException if no section is open
   */
  @Override
  void close();
}
