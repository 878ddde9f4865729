/**
 * The listeners of one commit: which callbacks they get, in which order, and the inverses of callbacks for a commit
 * that fails.
 */
package io.flatview.dispatch.listener;
