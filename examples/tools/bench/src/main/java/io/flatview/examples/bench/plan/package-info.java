/** The plans as data: benchmarks, figures to compare with, and targets. */
package io.flatview.examples.bench.plan;
