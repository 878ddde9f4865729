/** {@code flatview top}: the work of a memory system, live, from the events that it gives to the Flight Recorder. */
package io.flatview.examples.cli.top;
