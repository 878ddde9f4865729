package io.flatview.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemTxResultTest {

  private static final List<MemTxResult> FAILURES =
      List.of(MemTxResult.ERROR, MemTxResult.DECODE_ERROR, MemTxResult.ACCESS_ERROR);

  @Test
  void onlyOkIsOk() {
    assertTrue(MemTxResult.OK.isOk());
    FAILURES.forEach(failure -> assertFalse(failure.isOk()));
  }

  @Test
  void aUnionHasTheFailuresOfBothAndNoOther() {
    MemTxResult both = MemTxResult.ERROR.or(MemTxResult.ACCESS_ERROR);
    assertTrue(both.has(MemTxResult.ERROR));
    assertTrue(both.has(MemTxResult.ACCESS_ERROR));
    assertTrue(both.has(both));
    assertFalse(both.has(MemTxResult.DECODE_ERROR));
    assertFalse(MemTxResult.ERROR.has(both));
  }

  @Test
  void nothingHasOkAsAFailure() {
    assertFalse(MemTxResult.OK.has(MemTxResult.OK));
    FAILURES.forEach(failure -> assertFalse(failure.has(MemTxResult.OK)));
  }

  @Test
  void equalUnionsAreOneObject() {
    for (MemTxResult a : FAILURES) {
      assertSame(a, a.or(MemTxResult.OK));
      assertSame(a, MemTxResult.OK.or(a));
      FAILURES.forEach(b -> assertSame(a.or(b), b.or(a)));
    }
  }

  @Test
  void resultsAreShownByName() {
    assertEquals("OK", MemTxResult.OK.toString());
    assertEquals("DECODE_ERROR", MemTxResult.DECODE_ERROR.toString());
    assertEquals("ERROR|ACCESS_ERROR", MemTxResult.ACCESS_ERROR.or(MemTxResult.ERROR).toString());
  }
}
