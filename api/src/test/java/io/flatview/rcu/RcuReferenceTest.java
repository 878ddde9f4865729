package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flatview.rcu.contract.ManualReclaimPolicy;
import org.junit.jupiter.api.Test;

class RcuReferenceTest {

  @Test
  void followingGivesWhatWasAssignedLast() {
    RcuReference<String> reference = new RcuReference<>(new ManualReclaimPolicy(), "first");
    assertEquals("first", reference.dereferenceProtected());
    reference.assign("second");
    assertEquals("second", reference.dereferenceProtected());
    reference.assign(null);
    assertNull(reference.dereferenceProtected());
  }
}
