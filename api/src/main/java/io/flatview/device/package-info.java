/**
 * Parts of a device model besides its registers, which are safe against any request of a guest: ranges of memory that a
 * guest chose, timers, and a thread that serves requests and can always be ended.
 */
package io.flatview.device;
