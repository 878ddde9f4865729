/** Tells people why an address decodes as it does. */
package io.flatview.examples.cli.explain;
