/**
 * The memory orders that reclamation rests on, each as a race of two actors under jcstress, beside broken twins: the
 * same race without what makes it safe, in which the bad outcome is seen.
 */
package io.flatview.examples.races;
