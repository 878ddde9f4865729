/** An index in a mapped file that is swapped under its readers, for programs without any memory map. */
package io.flatview.examples.mappedindex;
