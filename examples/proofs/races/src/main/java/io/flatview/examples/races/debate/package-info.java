/**
 * The debate of May 2013 on how a reader may get root and table of one map, idiom by idiom, as races: the posts, the
 * arguments, and the results that are seen. {@link io.flatview.examples.races.debate.Debate} runs them and writes a
 * page.
 *
 * <p>All words are volatile, so what is seen to fail does so by its own logic and not by a missing fence. A generation
 * is a number: 0 the old one, 1 the new one.
 */
package io.flatview.examples.races.debate;
