package io.flatview.dispatch.planted;

import com.google.inject.Injector;

/** Breaks a rule on purpose. */
final class UsesGuice {
  Injector forbidden;
}
