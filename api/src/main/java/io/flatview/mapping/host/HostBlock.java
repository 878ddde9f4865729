package io.flatview.mapping.host;

import java.lang.foreign.MemorySegment;

/**
 * Memory that was taken from the system.
 *
 * @param segment all of the memory
 * @param hold gives it back
 * @param watched whether the segment belongs to an arena that the release closes. If so, an access after the release
 *     throws instead of crashing, a release is a handshake with every thread, and the owner must see to it that memory
 *     which is dropped unreleased is given back
 */
public record HostBlock(MemorySegment segment, Hold hold, boolean watched) {}
