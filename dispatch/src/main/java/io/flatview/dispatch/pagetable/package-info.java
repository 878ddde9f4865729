/**
 * The page table of one view: a radix tree over addresses whose nodes successive generations share.
 */
package io.flatview.dispatch.pagetable;
