package io.flatview.dispatch.planted;

import jdk.internal.planted.Stand;

/** Breaks a rule on purpose. */
final class UsesInternals {
  Stand forbidden;
}
