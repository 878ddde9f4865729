package io.flatview.examples.vhost.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DmaRange;
import io.flatview.examples.virtio.VirtioRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a request is expected to take follows what those of its kind have taken. */
class PaceTest {

  private static int kind(long readable, long writable) {
    return Pace.kind(new VirtioRequest(0, 1, List.of(new DmaRange(0, readable)), List.of(new DmaRange(0, writable))));
  }

  @Test
  void requestsAreOfOneKindIfTheirDirectionAndMagnitudeAreTheSame() {
    assertEquals(kind(16, 4097), kind(16, 4096 + 512));
    assertNotEquals(kind(16, 4097), kind(4097, 1));
    assertNotEquals(kind(16, 4097), kind(16, 8193));
    assertTrue(kind(1L << 62, 1L << 62) >= 0);
  }

  @Test
  void theEstimateFollowsTheMedianAndOneLateRequestMovesItLittle() {
    Pace pace = new Pace();
    int kind = kind(16, 4097);
    for (int i = 0; i < 100; i++) {
      pace.took(kind, 1_000_000);
    }
    long slow = pace.expected(kind);
    assertTrue(slow > 500_000 && slow < 1_200_000, () -> slow + " ns");
    for (int i = 0; i < 100; i++) {
      pace.took(kind, i % 10 == 0 ? 50_000_000 : 1_000);
    }
    long fast = pace.expected(kind);
    assertTrue(fast < 3_000, () -> fast + " ns");
    pace.took(kind, 50_000_000);
    assertTrue(pace.expected(kind) <= fast * 5 / 4);
  }

  @Test
  void anEstimateCanAlwaysGrow() {
    Pace pace = new Pace();
    int kind = kind(1, 0);
    for (int i = 0; i < 1000; i++) {
      pace.took(kind, 0);
    }
    long least = pace.expected(kind);
    pace.took(kind, 1_000_000);
    assertTrue(pace.expected(kind) > least);
  }
}
