/**
 * A fourth flavour, as a third party would write it: outside the project's packages, with nothing but the SPI, held to
 * the contract suite and the torture that the API ships.
 */
package io.flatview.examples.races.fourth;
