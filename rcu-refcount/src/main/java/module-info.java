/** The refcount flavour of RCU: sections are counted, and not tied to a thread. */
module io.flatview.rcu.refcount {
    requires transitive io.flatview.api;

    provides io.flatview.rcu.ReclaimPolicyProvider with io.flatview.rcu.refcount.RefcountPolicyProvider;
}
