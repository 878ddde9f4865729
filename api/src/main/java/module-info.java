/** The contracts of Flatview: the memory map of a machine, and RCU reclamation with its service interface. */
module io.flatview.api {
    requires org.jctools.core.jdk11;
    requires static jdk.jfr;

    exports io.flatview.device;
    exports io.flatview.mapping;
    // For memory systems. Unqualified, since theirs may be on the class path while this is a module.
    exports io.flatview.mapping.host;
    exports io.flatview.memory;
    exports io.flatview.rcu;
    exports io.flatview.rcu.spi;

    uses io.flatview.rcu.ReclaimPolicyProvider;
}
