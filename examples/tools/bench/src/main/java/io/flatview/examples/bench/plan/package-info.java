/** What is measured, beside whose figures it is put, and what is asked of it: data. */
package io.flatview.examples.bench.plan;
