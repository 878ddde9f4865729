/** A machine as a dump describes it, and the way to build it from regions and address spaces. */
package io.flatview.examples.cli.machine;
