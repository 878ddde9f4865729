/** Shows a map to people and programs: QEMU's texts, JSON, explanations and differences. Reads, and changes nothing. */
package io.flatview.dispatch.inspect;
