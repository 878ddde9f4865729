package io.flatview.examples.cli.machine;

/**
 * A machine as a capture tells it.
 *
 * @param description the regions and address spaces to build
 * @param hasTree whether the capture has the tree; otherwise the tree is made up from flat views, and shows no more
 *     than these
 */
public record LoadedMachine(MachineDescription description, boolean hasTree) {}
