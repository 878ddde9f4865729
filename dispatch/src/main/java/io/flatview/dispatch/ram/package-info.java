/**
 * Guest memory off the heap. Its pages are provided at their first access, and given back once the region is closed and
 * no view shows it.
 */
package io.flatview.dispatch.ram;
