/** A small machine that keeps every rule, close calls included. */
package io.flatview.examples.archrules.machine;
