/** What stands before a device: doorbells that ring in its stead, and writes that wait until somebody looks. */
package io.flatview.dispatch.doorbell;
