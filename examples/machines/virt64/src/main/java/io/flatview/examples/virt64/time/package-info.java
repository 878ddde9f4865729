/** How long the host waits for its own threads. */
package io.flatview.examples.virt64.time;
