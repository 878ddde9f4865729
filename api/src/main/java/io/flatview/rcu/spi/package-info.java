/**
 * The parts that a reclamation flavour implements, and the engine that all flavours share: the retire queue, the
 * reclaiming thread, grace-period tokens and statistics. A flavour only says how a reader enters, leaves and is
 * scanned.
 *
 * <p>To write one: a {@link io.flatview.rcu.spi.SlotReader} that marks its slot, a {@link io.flatview.rcu.spi.Flavour}
 * that makes such readers and scans them, and a {@link io.flatview.rcu.ReclaimPolicyProvider} that returns a new
 * {@link io.flatview.rcu.spi.ReclaimEngine} around it.
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
