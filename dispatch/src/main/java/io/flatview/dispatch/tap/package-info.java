/** Taps: who looks on at accesses to what, and how they are told. */
package io.flatview.dispatch.tap;
