/**
 * Reads memory maps as people log, paste and mail them: a pipeline of stages, each of which undoes one kind of damage,
 * and a layout that gives the rest the form in which QEMU prints it.
 */
package io.flatview.examples.cli.capture;
