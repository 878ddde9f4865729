/**
 * The readers: they translate addresses that never change and load what changes all the while, and have both judged.
 */
package io.flatview.examples.cli.demo.read;
