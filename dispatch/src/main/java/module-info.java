/** Region tree, transactions, flat views, page tables and the access path. */
module io.flatview.dispatch {
  requires transitive io.flatview.api;
  // Events are left out where it is missing.
  requires static jdk.jfr;

  exports io.flatview.dispatch;
}
