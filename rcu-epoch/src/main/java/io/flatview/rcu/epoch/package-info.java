/** Readers publish the number of the grace period under which they entered; the writer waits for the older ones. */
package io.flatview.rcu.epoch;
