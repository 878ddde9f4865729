/** The C library of the host, for what the JDK has no call for. */
package io.flatview.examples.virtio.host;
