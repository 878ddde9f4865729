/** Lines of the report: a subject, its figures, its base and its peer, as text and as Markdown. */
package io.flatview.examples.bench.table;
