package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;

/** An action that does more than the one that it stands for, which is given up with it. */
abstract class WrappedAction implements ReclaimAction {

  final ReclaimAction wrapped;

  WrappedAction(ReclaimAction wrapped) {
    this.wrapped = wrapped;
  }

  @Override
  public void abandon(Throwable cause) {
    wrapped.abandon(cause);
  }
}
