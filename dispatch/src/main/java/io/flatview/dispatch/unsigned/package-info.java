/** Arithmetic of unsigned addresses that the JDK lacks. */
package io.flatview.dispatch.unsigned;
