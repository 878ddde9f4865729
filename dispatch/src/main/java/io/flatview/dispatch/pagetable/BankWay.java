package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.memory.BankSelection;

/**
 * The selections under which a leaf shows: of its bank, and of the banks in whose variants that bank lies. Each use of
 * such a leaf compares them with the present selections, since a selection is only a store.
 */
public final class BankWay implements BankSelection {

  private final BankNode bank;
  private final int number;

  /** The selections under which the bank itself shows, or null. */
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
