package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.memory.BankSelection;

/**
 * The selections under which a leaf shows: of a bank, and of those on the way to it. Each use of such a leaf compares
 * them, since a selection is only a store.
 */
public final class BankWay implements BankSelection {

  private final BankNode bank;
  private final int number;

  /** The way of the bank on the way to this one, or null. */
  private final BankWay outer;

  BankWay(BankNode bank, int number, BankWay outer) {
    this.bank = bank;
    this.number = number;
    this.outer = outer;
  }

  @Override
  public boolean isCurrent() {
    return bank.selected() == number && (outer == null || outer.isCurrent());
  }
}
