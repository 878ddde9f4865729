/** The contracts of Flatview: the memory map of a machine, and RCU reclamation with its service interface. */
module io.flatview.api {
    requires org.jctools.core.jdk11;
    requires static jdk.jfr;

    exports io.flatview.device;
    exports io.flatview.memory;
    exports io.flatview.rcu;
    exports io.flatview.rcu.spi;

    uses io.flatview.rcu.ReclaimPolicyProvider;
}
