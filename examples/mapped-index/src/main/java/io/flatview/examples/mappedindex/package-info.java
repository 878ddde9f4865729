/** An index in a mapped file that is swapped under its readers: what a program without any memory map takes from here. */
package io.flatview.examples.mappedindex;
