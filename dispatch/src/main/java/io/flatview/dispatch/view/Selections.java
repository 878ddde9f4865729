package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The variants that banks select for one rendering: the present selection of every bank if listeners want selections to
 * be rendered; otherwise selections are given for some banks, and the other banks are open. An open bank is rendered as
 * one section that lists all its variants.
 *
 * <p>A bank has one selection wherever it shows, so a bank that also shows through an alias selects the same variant
 * there.
 */
final class Selections {

  /** All banks are open. */
  static final Selections OPEN = new Selections(new IdentityHashMap<>());

  private final Map<BankNode, Integer> numbers;

  private Selections(Map<BankNode, Integer> numbers) {
    this.numbers = numbers;
  }

  /** A copy in which one more bank selects a variant. */
  Selections with(BankNode bank, int number) {
    Map<BankNode, Integer> more = new IdentityHashMap<>(numbers);
    more.put(bank, number);
    return new Selections(more);
  }

  /** The variant that a bank selects, or null if it is open. */
  Integer of(BankNode bank) {
    return bank.isRendered() ? Integer.valueOf(bank.selected()) : numbers.get(bank);
  }
}
