/** The epoch flavour of RCU: entering a section is a store and a load, and the writer issues the fence. */
module io.flatview.rcu.epoch {
    requires transitive io.flatview.api;

    provides io.flatview.rcu.ReclaimPolicyProvider with io.flatview.rcu.epoch.EpochPolicyProvider;
}
