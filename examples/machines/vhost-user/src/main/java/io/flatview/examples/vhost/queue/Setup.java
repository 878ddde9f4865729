package io.flatview.examples.vhost.queue;

import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.virtio.RingAddresses;
import io.flatview.memory.AddressSpace;

/**
 * How a queue is to be served.
 *
 * @param name of its thread
 * @param addresses where its rings are
 * @param features what was negotiated
 * @param base the index of the first request
 * @param rings whose addresses the rings have
 * @param buffers whose addresses the descriptors have
 * @param kick happens when there are requests; null if they are to be looked for all the time
 * @param inFlight the account of requests in flight; null for none
 * @param inOrder whether requests are returned in the order in which they were taken
 */
public record Setup(
    String name, RingAddresses addresses, long features, int base, AddressSpace rings, AddressSpace buffers, Event kick,
    InFlight inFlight, boolean inOrder) {}
