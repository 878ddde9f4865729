package io.flatview.memory;

import java.util.Optional;

/**
 * Something that nobody closed and that nothing shows.
 *
 * @param what kind, name and number, or addresses
 * @param created where it was made; only in checked mode, since noting it costs more than making it
 */
public record Leak(String what, Optional<Throwable> created) {}
