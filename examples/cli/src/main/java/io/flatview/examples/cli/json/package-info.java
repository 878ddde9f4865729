/** A writer for JSON. */
package io.flatview.examples.cli.json;
