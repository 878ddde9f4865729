/** The read side: sections, translation through any number of IOMMUs, loads and stores. */
package io.flatview.dispatch.access;
