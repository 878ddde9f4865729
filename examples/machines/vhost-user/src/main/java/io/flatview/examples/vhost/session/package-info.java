/** Sessions with front ends: the protocol, and the server that accepts them. */
package io.flatview.examples.vhost.session;
