/**
 * Transactions and commits: the lock of the write side, the commit from the first edit to the last listener, and
 * the hand-over of replaced objects for reclamation.
 */
package io.flatview.dispatch.commit;
