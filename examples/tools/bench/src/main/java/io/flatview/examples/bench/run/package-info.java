/** Runs JMH trials and takes from its results what a table needs. */
package io.flatview.examples.bench.run;
