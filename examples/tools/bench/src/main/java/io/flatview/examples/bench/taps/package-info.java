/** Taps: loads that they watch and loads that they do not. */
package io.flatview.examples.bench.taps;
