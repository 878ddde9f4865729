/** Windows on guest memory that outlive a read-side section, and the bounce buffers that stand in for devices. */
package io.flatview.dispatch.window;
