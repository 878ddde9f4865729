/** Puts the machine together and runs it. */
package io.flatview.examples.virt64.board;
