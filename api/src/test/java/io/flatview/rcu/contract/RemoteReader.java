package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * A reader in a thread of its own. Between sections an explicit one is offline, so that what a test sees is due to its
 * sections in every flavour.
 */
public final class RemoteReader implements AutoCloseable {

  /** Which reader, in which thread. */
  public enum Kind {
    /** Registered in a platform thread. */
    EXPLICIT_PLATFORM(Puppet::platform, true),
    /** Registered in a virtual thread. */
    EXPLICIT_VIRTUAL(Puppet::virtual, true),
    /** A platform thread's own. */
    IMPLICIT_PLATFORM(Puppet::platform, false),
    /** A virtual thread's own. */
    IMPLICIT_VIRTUAL(Puppet::virtual, false);

    private final Supplier<Puppet> puppets;
    private final boolean explicit;

    Kind(Supplier<Puppet> puppets, boolean explicit) {
      this.puppets = puppets;
      this.explicit = explicit;
    }

    /**
     * Starts a reader of this kind.
     *
     * @param policy whose reader
     * @return outside any section
     */
    public RemoteReader of(ReclaimPolicy policy) {
      return new RemoteReader(policy, this);
    }
  }

  private final Puppet puppet;
  private final Kind kind;
  private final Reader reader;
  private final Deque<ReadSection> sections = new ArrayDeque<>();

  private RemoteReader(ReclaimPolicy policy, Kind kind) {
    this.kind = kind;
    this.puppet = kind.puppets.get();
    this.reader = puppet.ask(() -> kind.explicit ? policy.register("remote") : policy.currentReader());
    puppet.tell(this::rest);
  }

  /** Enters a section, nested if one is open. */
  public void enter() {
    puppet.tell(() -> {
      wake();
      sections.push(reader.enter());
    });
  }

  /** Leaves the innermost section. */
  public void leave() {
    puppet.tell(() -> {
      sections.pop().close();
      rest();
    });
  }

  /**
   * The thread behind it.
   *
   * @return the puppet
   */
  public Puppet puppet() {
    return puppet;
  }

  /**
   * The reader itself, for its thread.
   *
   * @return the reader
   */
  public Reader reader() {
    return reader;
  }

  /** Leaves what is open and ends the thread. */
  @Override
  public void close() {
    puppet.tell(() -> {
      sections.forEach(ReadSection::close);
      if (kind.explicit) {
        reader.close();
      }
    });
    puppet.close();
  }

  private void wake() {
    if (kind.explicit && sections.isEmpty()) {
      reader.online();
    }
  }

  private void rest() {
    if (kind.explicit && sections.isEmpty()) {
      reader.offline();
    }
  }
}
