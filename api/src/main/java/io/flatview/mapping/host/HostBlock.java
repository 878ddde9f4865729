package io.flatview.mapping.host;

import java.lang.foreign.MemorySegment;

/**
 * Memory that was taken from the system.
 *
 * @param segment all of the memory
 * @param hold gives it back
 * @param watched whether the segment ends with an arena: an access after the release throws where it would otherwise
 *     crash, a release is a handshake with every thread, and memory that is dropped unreleased is not given back unless
 *     its owner sees to that
 */
public record HostBlock(MemorySegment segment, Hold hold, boolean watched) {}
