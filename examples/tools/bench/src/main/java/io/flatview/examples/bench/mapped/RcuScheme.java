package io.flatview.examples.bench.mapped;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ThreadConfined;
import java.io.IOException;
import java.nio.file.Path;

/** This library, with its defaults: a section a read. */
final class RcuScheme extends Scheme {

  private final ReclaimPolicy policy;
  private final Mappings mappings;
  private final RcuReference<Mapping> current;
  private final boolean registered;

  RcuScheme(String flavour, Path first, boolean registered) {
    policy = ReclaimPolicies.discover(flavour);
    mappings = Mappings.of(policy);
    current = new RcuReference<>(policy, map(first));
    this.registered = registered;
  }

  private Mapping map(Path file) {
    try {
      return mappings.file(file, Mapping.Use.READ);
    } catch (IOException e) {
      throw new IllegalStateException("cannot map " + file, e);
    }
  }

  @ThreadConfined
  private static final class Registered implements Lookup {

    private final RcuReference<Mapping> current;
    private final Reader reader;

    Registered(RcuReference<Mapping> current, Reader reader) {
      this.current = current;
      this.reader = reader;
    }

    @Override
    public long read(long offset) {
      try (ReadSection _ = reader.enter()) {
        return get(current.dereference(reader).segment(), offset);
      }
    }

    @Override
    public void rest() {
      reader.quiescent();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private record Implicit(RcuReference<Mapping> current, ReclaimPolicy policy) implements Lookup {

    @Override
    public long read(long offset) {
      try (ReadSection _ = policy.currentReader().enter()) {
        return get(current.dereference().segment(), offset);
      }
    }
  }

  @Override
  Lookup lookup() {
    return registered ? new Registered(current, policy.register("reader")) : new Implicit(current, policy);
  }

  @Override
  void swap(Path next) {
    current.exchange(map(next)).close();
  }

  /** Those that wait, and the one that is shown. The policy counts from its beginning. */
  @Override
  int mostMapped() {
    return (int) policy.statistics().maxBlocks() + 1;
  }

  @Override
  public void close() {
    current.exchange(null).close();
    policy.close();
  }
}
