/** Guice modules for a memory system. */
module io.flatview.dispatch.guice {
  requires transitive io.flatview.dispatch;
  requires transitive com.google.guice;
  // Guice is an automatic module: the modules that it needs are resolved only if named here.
  requires com.google.common;
  requires jakarta.inject;
  requires org.objectweb.asm;

  exports io.flatview.dispatch.guice;

  opens io.flatview.dispatch.guice to
      com.google.guice;
}
