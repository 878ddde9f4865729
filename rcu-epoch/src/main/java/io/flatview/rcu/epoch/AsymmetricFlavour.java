package io.flatview.rcu.epoch;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/**
 * The fast form: the grace period issues the fence for all readers, raises the epoch, and waits for readers with an
 * older epoch.
 */
final class AsymmetricFlavour implements Flavour {

  /*
   * One heavy fence H per grace period, between the engine's fence B and the epoch's rise; AsymmetricReader explains
   * why it suffices. There is no second heavy fence after the wait: the release store at a reader's exit is all that
   * freeing needs.
   *
   * H is left out if every reader is away: offline, closed, or unregistered. A reader in that state has its slot below
   * 0, and comes back by storing 0 there, then full fence A, then its sections. If the check after B still found the
   * slot below 0, then B precedes A in the order of full fences, and every section after A sees what was unlinked
   * before B. A reader that is not in the list was added after the list was taken, both under the registry's lock,
   * which orders it likewise. A reader that is merely outside is not away: its entry may sit in its store buffer at
   * this moment, and its load of the old pointer be done.
   */

  private final EpochCounter epoch = new EpochCounter();
  private final HeavyFence heavy;

  AsymmetricFlavour(HeavyFence heavy) {
    this.heavy = heavy;
  }

  @Override
  public String name() {
    return EpochPolicyProvider.NAME;
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return new AsymmetricReader(registration, epoch, heavy);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    if (!AsymmetricReader.areAllAway(readers)) {
      heavy.issue(); // H, pairs with the point in each reader where it is interrupted
    }
    return epoch.begin(readers);
  }
}
