/**
 * Memory outside the heap as the system gives it, with and without native calls: for mappings of users and for guest
 * memory. For authors of memory systems; not part of the API, and free to change in any version.
 */
package io.flatview.mapping.host;
