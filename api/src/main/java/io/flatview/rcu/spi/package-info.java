/**
 * The parts that a reclamation flavour implements, and the engine that all flavours share: the retire queue, the
 * reclaiming thread, grace-period tokens and statistics. A flavour only defines how a reader enters, leaves and is
 * scanned.
 *
 * <p>To write a flavour, extend {@link io.flatview.rcu.spi.SlotReader}, which stores in a slot whether the reader is
 * inside, implement {@link io.flatview.rcu.spi.Flavour}, which makes such readers and scans their slots, and implement
 * {@link io.flatview.rcu.ReclaimPolicyProvider}, which returns a new {@link io.flatview.rcu.spi.ReclaimEngine} for the
 * flavour.
 *
 * <pre>{@code
 * public final class MyProvider implements ReclaimPolicyProvider {
 *   public String name() {
 *     return "mine";
 *   }
 *
 *   public ReclaimPolicy create(ReclaimOptions options) {
 *     return new ReclaimEngine(new MyFlavour(), options);
 *   }
 * }
 * }</pre>
 *
 * <p>The contract suite, {@code io.flatview.rcu.contract.ReclaimPolicyContract}, is in the test-jar of the API.
 */
package io.flatview.rcu.spi;
