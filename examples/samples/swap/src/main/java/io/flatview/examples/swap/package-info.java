/** One program that runs on any reclamation flavour, which it does not name. */
package io.flatview.examples.swap;
