/** Translation, loads and stores through the public API, and what a Java user would write instead. */
package io.flatview.examples.bench.translate;
