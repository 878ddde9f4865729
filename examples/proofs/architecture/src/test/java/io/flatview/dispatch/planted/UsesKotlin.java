package io.flatview.dispatch.planted;

import kotlin.planted.Stand;

/** Breaks a rule on purpose. */
final class UsesKotlin {
  Stand forbidden;
}
