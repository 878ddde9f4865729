/**
 * What every reclamation flavour is held to, and the policies that tests of other modules use in place of a real one.
 */
package io.flatview.rcu.contract;
