package io.flatview.planted.one;

import io.flatview.planted.two.Two;

/** Breaks a rule on purpose, together with another. */
public final class One {
  Two forbidden;
}
