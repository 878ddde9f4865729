package io.flatview.examples.cli.machine;

/**
 * A machine as a capture tells it.
 *
 * @param description what to build
 * @param hasTree whether the capture told the tree; otherwise the tree is made up from flat views, and shows what they
 *     show
 */
public record LoadedMachine(MachineDescription description, boolean hasTree) {}
