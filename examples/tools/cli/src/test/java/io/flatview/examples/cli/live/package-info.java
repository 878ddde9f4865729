/** What other threads do to a map in use, with each reclamation backend. */
package io.flatview.examples.cli.live;
