/** {@code flatview top}: what a memory system does, live, from the events that it gives to the Flight Recorder. */
package io.flatview.examples.cli.top;
