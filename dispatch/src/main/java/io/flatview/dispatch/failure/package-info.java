/** Failures of callbacks, collected and thrown. */
package io.flatview.dispatch.failure;
