/**
 * The epoch flavour: a reader stores the number of the grace period under which it entered, and the writer waits for
 * readers with older numbers.
 */
package io.flatview.rcu.epoch;
