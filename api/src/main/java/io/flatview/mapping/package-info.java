/**
 * Memory outside the heap whose readers are RCU readers: files, anonymous memory and the allocations of native
 * libraries, given back after a grace period.
 *
 * <p>A {@link io.flatview.mapping.Mapping} is closed while readers are inside: closing retires it. Neither readers nor
 * the closing thread wait for each other, and no thread is interrupted, as closing an {@link
 * java.lang.foreign.Arena#ofShared() Arena.ofShared()} interrupts all of them.
 *
 * <pre>{@code
 * Mappings mappings = Mappings.of(policy);
 * RcuReference<Mapping> current = new RcuReference<>(policy, mappings.file(first, Mapping.Use.READ));
 *
 * // any number of readers
 * try (ReadSection _ = policy.currentReader().enter()) {
 *   MemorySegment records = current.dereference().segment();
 *   found = records.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES * key);
 * }
 *
 * // any number of writers
 * current.exchange(mappings.file(second, Mapping.Use.READ)).close(); // unmapped when the last reader has left
 * }</pre>
 */
package io.flatview.mapping;
