/**
 * Judges what readers saw against what the writer says it committed: plain numbers on both sides, nothing of the memory
 * system in between.
 */
package io.flatview.examples.cli.demo.oracle;
