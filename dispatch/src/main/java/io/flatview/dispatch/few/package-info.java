/** Lists and sets that mostly have one element. */
package io.flatview.dispatch.few;
