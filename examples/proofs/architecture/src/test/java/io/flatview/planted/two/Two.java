package io.flatview.planted.two;

import io.flatview.planted.one.One;

/** Breaks a rule on purpose, together with another. */
public final class Two {
  One forbidden;
}
