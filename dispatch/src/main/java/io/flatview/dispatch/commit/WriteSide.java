package io.flatview.dispatch.commit;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.access.AccessChains;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.Edit;
import io.flatview.dispatch.topology.Topology;
import io.flatview.dispatch.waits.WaitGraph;
import io.flatview.memory.Transaction;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;

/** The write side of one memory system: its parts, put together. */
public final class WriteSide {

  private final MapLock lock;
  private final Handovers handovers;
  private final Committer committer;
  private final AddressSpaces spaces;
  private final Taps taps;

  /**
   * Makes a write side without address spaces.
   *
   * @param system the name of the memory system, for messages
   * @param policy decides when a replaced map may be reclaimed
   * @param generations holds the generation in force
   * @param shared the page maps of the views in force
   * @param topology the tree of regions
   * @param chains the devices that threads are in
   */
  public WriteSide(
      String system, ReclaimPolicy policy, RcuReference<Generation> generations, SharedMaps shared, Topology topology,
      AccessChains chains) {
    SpaceIndex index = new SpaceIndex();
    this.handovers = new Handovers(policy);
    this.lock = new MapLock(system, WaitGraph.ALL, policy, chains, handovers);
    Publisher publisher = new Publisher(generations, shared, index, handovers);
    this.taps = new Taps(lock, index, topology.taps(), publisher);
    this.committer = new Committer(lock, policy, topology, index, publisher, taps);
    this.spaces = new AddressSpaces(committer, lock, generations, shared, topology, index);
  }

  /**
   * The lock of the write side.
   *
   * @return always the same
   */
  public MapLock lock() {
    return lock;
  }

  /**
   * Transactions and commits.
   *
   * @return always the same
   */
  public Committer committer() {
    return committer;
  }

  /**
   * The address spaces.
   *
   * @return always the same
   */
  public AddressSpaces spaces() {
    return spaces;
  }

  /**
   * The taps.
   *
   * @return always the same
   */
  public Taps taps() {
    return taps;
  }

  /**
   * The handovers to the policy.
   *
   * @return always the same
   */
  public Handovers handovers() {
    return handovers;
  }

  /**
   * Selects a variant of a bank and commits, or does so when a device's access has ended.
   *
   * @param bank the bank
   * @param number the number of the variant
   * @param chain the chain of the calling thread
   */
  public void select(BankNode bank, int number, AccessChain chain) {
    try (EditTransaction transaction =
        chain.isInDevice() ? CallbackTransaction.begin(committer, chain) : committer.begin()) {
      transaction.edit(new Edit.Select(bank, number));
      transaction.commit();
    }
  }

  /**
   * Begins a transaction whose edits are made when the access has ended, or one nested in such a transaction.
   *
   * @param chain the chain of a thread that is in a device's callback
   * @return a new transaction
   */
  public Transaction beginInCallback(AccessChain chain) {
    lock.refuseClosed();
    return CallbackTransaction.begin(committer, chain);
  }
}
