/**
 * Parts of a device model beside its registers, safe against any request of a guest: memory that a guest names, timers,
 * and a thread of its own that ends.
 */
package io.flatview.device;
