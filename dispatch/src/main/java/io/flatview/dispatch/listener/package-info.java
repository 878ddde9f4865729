/** The listeners of one commit: which callbacks they get, in which order, and how these are taken back. */
package io.flatview.dispatch.listener;
