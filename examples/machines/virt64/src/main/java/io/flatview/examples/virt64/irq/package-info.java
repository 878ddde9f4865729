/** How devices get a hart's attention. */
package io.flatview.examples.virt64.irq;
