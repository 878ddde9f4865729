package io.flatview.memory;

/**
 * A listener's {@code commit} callback failed. The new map is in force and every other listener was called; the
 * failures are {@linkplain #getSuppressed() suppressed exceptions}.
 */
public final class ListenerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CommitTicket ticket;

  /**
   * Reports failed callbacks.
   *
   * @param ticket the ticket of the commit, which stands
   */
  public ListenerException(CommitTicket ticket) {
    super("generation " + ticket.generation()
        + " is published, but listeners failed afterwards; see the suppressed exceptions");
    this.ticket = ticket;
  }

  /**
   * The ticket that the commit would have returned.
   *
   * @return the ticket
   */
  public CommitTicket ticket() {
    return ticket;
  }
}
