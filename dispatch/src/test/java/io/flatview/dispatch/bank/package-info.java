/** Banks against a machine without any, in which the selected variant of each is its only enabled child. */
package io.flatview.dispatch.bank;
