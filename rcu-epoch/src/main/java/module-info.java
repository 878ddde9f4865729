/** Reclamation by epochs: the writer pays, the read side is a store and a load. */
module io.flatview.rcu.epoch {
    requires transitive io.flatview.api;

    provides io.flatview.rcu.ReclaimPolicyProvider with io.flatview.rcu.epoch.EpochPolicyProvider;
}
