package io.flatview.examples.cli.model;

import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.machine.MachineDescription;

/**
 * A model file.
 *
 * @param machine what it describes
 * @param expected what each address space must show
 */
public record ModelDump(MachineDescription machine, FlatDocument expected) {}
