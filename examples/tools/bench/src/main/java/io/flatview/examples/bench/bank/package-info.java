/** Banks that switch, beside what emulators do without them. */
package io.flatview.examples.bench.bank;
