/**
 * The places in a machine's free address ranges where the demo plugs and unplugs, and the three ways to look at them.
 */
package io.flatview.examples.cli.demo.place;
