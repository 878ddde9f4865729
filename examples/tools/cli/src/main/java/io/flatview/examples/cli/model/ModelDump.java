package io.flatview.examples.cli.model;

import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.machine.MachineDescription;

/**
 * A model file.
 *
 * @param machine the machine that it describes
 * @param expected the views that the address spaces must show
 */
public record ModelDump(MachineDescription machine, FlatDocument expected) {}
