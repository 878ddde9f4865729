package io.flatview.dispatch.planted;

import io.flatview.rcu.epoch.planted.PlantedFlavour;

/** Breaks a rule on purpose. */
final class NamesAFlavour {
  PlantedFlavour forbidden;
}
