/** Embedding with Guice. */
package io.flatview.dispatch.guice;
