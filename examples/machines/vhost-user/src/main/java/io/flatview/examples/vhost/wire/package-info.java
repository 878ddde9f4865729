/** Messages of the vhost-user protocol (QEMU's docs/interop/vhost-user), as they are on a socket. */
package io.flatview.examples.vhost.wire;
