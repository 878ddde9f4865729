/** The writer: it plugs, moves, resizes and unplugs in the windows, and keeps a plain model of what must show where. */
package io.flatview.examples.cli.demo.churn;
