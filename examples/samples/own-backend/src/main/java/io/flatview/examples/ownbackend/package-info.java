/**
 * A fourth reclamation flavour, as a third party would write it: with nothing but {@code io.flatview.rcu.spi}, in a jar
 * of its own, held to the contract suite and the torture that the API ships.
 */
package io.flatview.examples.ownbackend;
