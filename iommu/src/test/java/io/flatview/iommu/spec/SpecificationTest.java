package io.flatview.iommu.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * The model against a walker that was written from the specification alone. With {@code -Dflatview.long=true}, a
 * million requests and a hundred thousand commands; a seed of one's own is {@code -Dflatview.iommu.seed=n}.
 */
class SpecificationTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");
  private static final long SEED = Long.getLong("flatview.iommu.seed", 1);

  @Test
  void theModelDoesWhatTheSpecificationSays() {
    assertEquals("", new Comparison(SEED, LONG ? 1_000_000 : 40_000, LONG ? 100_000 : 5_000).get());
  }

  @Test
  void aDeviceFollowsTheRegisterToAnotherDirectory() {
    assertEquals("", new DirectoryRace(LONG ? 60_000 : 1_000).get());
  }
}
