package io.flatview.examples.virt64.storm;

import java.util.Locale;

/**
 * The counts of a storm.
 *
 * @param commits the number of transactions
 * @param toggles of an alias
 * @param moves of a device
 * @param logs dirty logging switched on or off for all of DRAM
 * @param remaps of pages that devices use
 * @param checks loads right after a commit, through what it had changed
 * @param stale those that saw an older map, and accesses of devices to where nothing is any more
 * @param seconds how long it took
 */
public record StormReport(
    long commits, long toggles, long moves, long logs, long remaps, long checks, long stale, double seconds) {

  @Override
  public String toString() {
    return String.format(Locale.ROOT,
        "storm: %,d commits in %.1f s (%,.0f a second): %,d toggled an alias, %,d moved a device, %,d switched logging,"
            + " %,d remapped devices' pages; %,d checks, %,d saw a stale map",
        commits, seconds, commits / seconds, toggles, moves, logs, remaps, checks, stale);
  }
}
