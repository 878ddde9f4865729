/** Changes the running machine's map, as fast as its plan asks. */
package io.flatview.examples.virt64.storm;
