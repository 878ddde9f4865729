/**
 * Memory outside the heap as the system gives it, with and without native calls: for mappings of users and for guest
 * memory. Exported to the dispatcher only.
 */
package io.flatview.mapping.host;
