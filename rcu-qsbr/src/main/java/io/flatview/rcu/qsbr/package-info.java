/** Readers announce when they hold nothing, and pay nothing otherwise. */
package io.flatview.rcu.qsbr;
