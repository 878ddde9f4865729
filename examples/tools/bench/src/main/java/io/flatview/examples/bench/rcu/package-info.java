/** The JMH benchmarks of reclamation: what a read, a retirement and a grace period cost, by the public API only. */
package io.flatview.examples.bench.rcu;
