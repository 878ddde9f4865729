/** The JMH benchmarks of reclamation: the cost of a read, a retirement and a grace period, by the public API only. */
package io.flatview.examples.bench.rcu;
