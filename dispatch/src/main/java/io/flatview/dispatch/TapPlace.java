package io.flatview.dispatch;

import io.flatview.dispatch.tap.TapPoint;
import io.flatview.memory.TapRegistration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the owner of a tap holds. Thread-safe. */
final class TapPlace implements TapRegistration {

  private final TapDesk desk;
  private final TapPoint point;
  private final Ticket ticket;
  private final AtomicBoolean left = new AtomicBoolean();

  TapPlace(TapDesk desk, TapPoint point, Ticket ticket) {
    this.desk = desk;
    this.point = point;
    this.ticket = ticket;
  }

  @Override
  public CompletionStage<Void> remove() {
    if (left.compareAndSet(false, true)) {
      point.remove();
      desk.untap(ticket);
    }
    return ticket.quiesced();
  }
}
