/**
 * The parts that all readers of dumps share: the text as numbered lines, a cursor over one line, and problems as data.
 */
package io.flatview.examples.cli.dump;
