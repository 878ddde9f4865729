/**
 * Windows on guest memory that outlive a read-side section, and bounce buffers, which are copies of a device's bytes.
 */
package io.flatview.dispatch.window;
