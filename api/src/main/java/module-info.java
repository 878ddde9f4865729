/** The contracts of Flatview: the memory map of a machine, and RCU reclamation with its service interface. */
@SuppressWarnings("module") // the dispatcher is built later
module io.flatview.api {
    requires org.jctools.core.jdk11;
    requires static jdk.jfr;

    exports io.flatview.device;
    exports io.flatview.mapping;
    exports io.flatview.mapping.host to io.flatview.dispatch;
    exports io.flatview.memory;
    exports io.flatview.rcu;
    exports io.flatview.rcu.spi;

    uses io.flatview.rcu.ReclaimPolicyProvider;
}
