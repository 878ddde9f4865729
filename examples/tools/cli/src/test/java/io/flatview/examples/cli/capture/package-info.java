/** Captures in every form that people have given them. */
package io.flatview.examples.cli.capture;
