package io.flatview.examples.vhost.queue;

import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.memory.AddressSpace;

/**
 * How a queue is to be served.
 *
 * @param name of its thread
 * @param queue to be served by that thread
 * @param base where it begins
 * @param rings whose addresses the rings have
 * @param buffers whose addresses the descriptors have
 * @param kick happens when there are requests; null if they are to be looked for all the time
 * @param inOrder whether requests are returned in the order in which they were taken
 */
public record Setup(
    String name, VirtQueue queue, int base, AddressSpace rings, AddressSpace buffers, Event kick, boolean inOrder) {}
