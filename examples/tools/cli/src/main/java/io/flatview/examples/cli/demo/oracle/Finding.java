package io.flatview.examples.cli.demo.oracle;

/**
 * One wrong read.
 *
 * @param kind in which way it is wrong
 * @param who the reader, the generation and the commits that it may see
 * @param what the address, what was expected and what was seen
 */
public record Finding(FindingKind kind, String who, String what) {}
