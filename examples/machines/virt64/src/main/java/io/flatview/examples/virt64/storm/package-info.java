/** Changes the running machine's map as fast as it is told to. */
package io.flatview.examples.virt64.storm;
