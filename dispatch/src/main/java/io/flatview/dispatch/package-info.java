/**
 * The dispatcher: renders the region tree into flat views and page tables, and publishes them through a reclamation
 * policy.
 *
 * <p>{@link io.flatview.dispatch.DispatchMemory#create(io.flatview.rcu.ReclaimPolicy)} makes a memory system;
 * everything else is in {@link io.flatview.memory}.
 */
package io.flatview.dispatch;
