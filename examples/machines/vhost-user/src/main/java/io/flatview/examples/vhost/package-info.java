/** A disk for another process's machine, over vhost-user: the command. */
package io.flatview.examples.vhost;
