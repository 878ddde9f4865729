/** Random accesses against random maps of devices with rules, and an oracle that knows the rules byte by byte. */
package io.flatview.dispatch.fuzz;
