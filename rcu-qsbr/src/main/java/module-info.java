/** Reclamation by quiescent states, which the application announces. */
module io.flatview.rcu.qsbr {
    requires transitive io.flatview.api;

    provides io.flatview.rcu.ReclaimPolicyProvider with io.flatview.rcu.qsbr.QsbrPolicyProvider;
}
