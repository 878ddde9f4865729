/** The threads that serve a device's queues, and the account of what they have in flight. */
package io.flatview.examples.vhost.queue;
