/** The memory map by its textbook rules, and the properties that hold the implementation to it on random histories. */
package io.flatview.dispatch.model;
