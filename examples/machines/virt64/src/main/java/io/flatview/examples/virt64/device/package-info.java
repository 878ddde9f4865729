/** The devices on the board itself. Each states how it guards its state; none waits inside a callback. */
package io.flatview.examples.virt64.device;
