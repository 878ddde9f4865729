/** Lines of the report: a subject, its figures, its anchor and its target, as text and as Markdown. */
package io.flatview.examples.bench.table;
