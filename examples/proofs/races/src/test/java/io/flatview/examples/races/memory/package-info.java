/** The memory map and its users in two threads at once, with every flavour of reclamation. */
package io.flatview.examples.races.memory;
