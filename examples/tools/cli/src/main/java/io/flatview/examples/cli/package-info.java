/** The {@code flatview} command. */
package io.flatview.examples.cli;
