/**
 * The qsbr flavour: readers announce quiescent states, in which they use no object that they read, and entering a
 * section costs nothing.
 */
package io.flatview.rcu.qsbr;
