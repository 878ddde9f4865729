package io.flatview.rcu.qsbr.planted;

import io.flatview.rcu.epoch.planted.PlantedFlavour;

/** Breaks a rule on purpose. */
final class KnowsEpoch {
  PlantedFlavour forbidden;
}
