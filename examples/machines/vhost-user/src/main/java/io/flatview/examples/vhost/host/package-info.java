/** The calls of Linux that vhost-user needs and Java has not: descriptors over sockets, mappings of them, events. */
package io.flatview.examples.vhost.host;
