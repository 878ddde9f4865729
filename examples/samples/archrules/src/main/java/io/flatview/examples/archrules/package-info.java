/** A user's program under the published rules. */
package io.flatview.examples.archrules;
