/** One class per rule that breaks it. Each compiles, and would fail only under load. */
package io.flatview.examples.archrules.broken;
