/**
 * Rules for programs that embed Flatview, to be run by ArchUnit in their own build: {@link
 * io.flatview.rules.FlatviewRules}.
 *
 * <p>Two of the rules follow what ArchUnit does not model, the bodies of lambdas and the shape of a try statement, and
 * read it from the class files.
 */
package io.flatview.rules;
