/**
 * Transactions and commits: the lock of the write side, what a commit does from the first edit to the last listener,
 * and what it hands over for reclamation.
 */
package io.flatview.dispatch.commit;
