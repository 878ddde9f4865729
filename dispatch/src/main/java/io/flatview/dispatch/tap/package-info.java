/** Taps and watches: the accesses for which each is called, and the calls. */
package io.flatview.dispatch.tap;
