package io.flatview.memory;

import java.util.Optional;

/**
 * A resource that was not closed and that looks forgotten.
 *
 * @param what the kind, name and number of the resource, or its addresses
 * @param created the stack trace of its creation; only in checked mode, since taking it costs more than the creation
 */
public record Leak(String what, Optional<Throwable> created) {}
