package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class RcuReferenceTest {

  @Test
  void dereferenceGivesWhatWasAssignedLast() {
    RcuReference<String> reference = new RcuReference<>("first");
    assertEquals("first", reference.dereference());
    reference.assign("second");
    assertEquals("second", reference.dereference());
    reference.assign(null);
    assertNull(reference.dereference());
  }
}
