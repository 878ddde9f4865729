/** A third party's reclamation flavour. */
module io.flatview.examples.ownbackend {
  requires io.flatview.api;

  provides io.flatview.rcu.ReclaimPolicyProvider with
      io.flatview.examples.ownbackend.SequencePolicyProvider;
}
