/**
 * Embedding with Guice: {@link io.flatview.dispatch.guice.DispatchModule} binds a memory system on the reclamation
 * flavour that is found, and {@link io.flatview.dispatch.guice.FlatviewLifecycle} closes both.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new DispatchModule());
 * MemorySystem memory = injector.getInstance(MemorySystem.class);
 * }</pre>
 *
 * <p>Without Guice, the same is
 *
 * <pre>{@code
 * try (ReclaimPolicy policy = ReclaimPolicies.discover();
 *     MemorySystem memory = DispatchMemory.create(policy)) {
 *   ...
 * }
 * }</pre>
 */
package io.flatview.dispatch.guice;
