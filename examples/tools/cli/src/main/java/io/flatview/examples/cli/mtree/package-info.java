/** Trees as text: reading {@code info mtree}, finding out which regions its lines stand for, and printing it again. */
package io.flatview.examples.cli.mtree;
