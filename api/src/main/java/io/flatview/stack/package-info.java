/** The check for stack before steps that must not be broken off; of this module only. */
package io.flatview.stack;
