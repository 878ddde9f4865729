/** The cost of commits: one small change in maps of many sizes, many address spaces, and building from nothing. */
package io.flatview.examples.bench.commit;
