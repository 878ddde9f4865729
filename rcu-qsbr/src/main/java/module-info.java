/** The qsbr flavour of RCU: the application announces quiescent states. */
module io.flatview.rcu.qsbr {
    requires transitive io.flatview.api;

    provides io.flatview.rcu.ReclaimPolicyProvider with io.flatview.rcu.qsbr.QsbrPolicyProvider;
}
