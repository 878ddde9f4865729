package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Which variants banks are taken to select in a rendering: all that they do if listeners want selections to be
 * rendered; otherwise some, and the others are left open. Where these show, they are sections with all their variants.
 *
 * <p>It is the bank that selects and not a place where it shows, so one that is met again by way of an alias selects
 * the same there.
 */
final class Selections {

  /** All banks are open. */
  static final Selections OPEN = new Selections(new IdentityHashMap<>());

  private final Map<BankNode, Integer> numbers;

  private Selections(Map<BankNode, Integer> numbers) {
    this.numbers = numbers;
  }

  /** The same, and one bank more selects a variant. */
  Selections with(BankNode bank, int number) {
    Map<BankNode, Integer> more = new IdentityHashMap<>(numbers);
    more.put(bank, number);
    return new Selections(more);
  }

  /** The variant that a bank is taken to select, or null if that is left open. */
  Integer of(BankNode bank) {
    return bank.isRendered() ? Integer.valueOf(bank.selected()) : numbers.get(bank);
  }
}
