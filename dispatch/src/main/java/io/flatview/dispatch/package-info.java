/**
 * The dispatcher: renders the region tree into flat views and page tables, and publishes them through a reclamation
 * policy.
 *
 * <p>{@link io.flatview.dispatch.DispatchMemory#create(io.flatview.rcu.ReclaimPolicy)} makes a memory system;
 * everything else is in {@link io.flatview.memory}.
 *
 * <pre>{@code
 * try (ReclaimPolicy policy = ReclaimPolicies.discover();
 *     MemorySystem memory = DispatchMemory.create(policy, DispatchOptions.defaults().withPageSize(65536))) {
 *   ...
 * }
 * }</pre>
 */
package io.flatview.dispatch;
