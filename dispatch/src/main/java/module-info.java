/** Region tree, transactions, flat views, page tables and the access path. */
module io.flatview.dispatch {
  requires transitive io.flatview.api;
  requires transitive com.google.guice;
  // Guice is an automatic module: what it needs at run time is resolved only if named here.
  requires com.google.common;
  requires jakarta.inject;
  requires org.objectweb.asm;
  // Events are left out where it is missing.
  requires static jdk.jfr;

  exports io.flatview.dispatch;
  exports io.flatview.dispatch.guice;

  opens io.flatview.dispatch.guice to
      com.google.guice;
}
