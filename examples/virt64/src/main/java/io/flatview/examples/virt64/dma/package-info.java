/** How devices reach memory: through an address space of their own. */
package io.flatview.examples.virt64.dma;
