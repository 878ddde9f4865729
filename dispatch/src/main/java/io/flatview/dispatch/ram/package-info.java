/** Guest memory off the heap: reserved when first touched, given back when closed and no view shows it. */
package io.flatview.dispatch.ram;
