package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * After every commit, views and page tables that were patched equal those that are rendered and built anew.
 *
 * <p>{@code -Dflatview.transactions=N} makes N transactions in each test instead of the usual number.
 */
class RebuildPropertyTest {

  private static final Integer TRANSACTIONS = Integer.getInteger("flatview.transactions");
  private static final int PER_MAP = 100;

  private static void churn(int regions, int usually) {
    int transactions = TRANSACTIONS != null ? TRANSACTIONS : usually;
    int published = 0;
    for (long seed = 0; seed * PER_MAP < transactions; seed++) {
      published += churn(seed, regions);
    }
    assertTrue(published > transactions / 5, "only " + published + " transactions changed something");
  }

  private static int churn(long seed, int regions) {
    int transaction = 0;
    try (Churn churn = new Churn(seed, regions)) {
      while (transaction < PER_MAP) {
        churn.transact();
        churn.verify();
        transaction++;
      }
      return churn.published();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + " with " + regions + " regions, transaction " + transaction, e);
    }
  }

  @Test
  void patchedMapsOfSomeRegionsEqualRebuiltOnes() {
    churn(30, 4_000);
  }

  @Test
  void patchedMapsOfManyRegionsEqualRebuiltOnes() {
    churn(300, 2_000);
  }
}
