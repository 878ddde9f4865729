package io.flatview.rcu.epoch.planted;

import io.flatview.memory.Size;

/** Breaks a rule on purpose, and lets others break one. */
public final class PlantedFlavour {
  Size forbidden;
}
