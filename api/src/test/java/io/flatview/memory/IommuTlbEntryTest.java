package io.flatview.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class IommuTlbEntryTest {

  private static final AddressSpace TARGET = (AddressSpace) Proxy.newProxyInstance(
      IommuTlbEntryTest.class.getClassLoader(), new Class<?>[] {AddressSpace.class}, (_, _, _) -> null);

  private final IommuTlbEntry entry = new IommuTlbEntry();

  @Test
  void aNewEntryGrantsNothing() {
    assertGrantsNothing();
  }

  @Test
  void aDeniedEntryForgetsWhatItGranted() {
    entry.grant(TARGET, 0x8000, 0xfff, true, true);
    entry.deny();
    assertGrantsNothing();
    assertEquals(0, entry.addrMask());
  }

  @Test
  void eachPermissionIsGrantedByItself() {
    entry.grant(TARGET, 0, 0xfff, true, false);
    assertTrue(entry.permits(Access.READ));
    assertFalse(entry.permits(Access.WRITE));
    entry.grant(TARGET, 0, 0xfff, false, true);
    assertFalse(entry.permits(Access.READ));
    assertTrue(entry.permits(Access.WRITE));
    assertSame(TARGET, entry.target());
  }

  @Test
  void theOffsetInTheBlockIsKeptAndTheRestReplaced() {
    entry.grant(TARGET, 0x8000_0000_0000_0123L, 0xfff, true, true);
    assertEquals(0x8000_0000_0000_0abcL, entry.apply(0x7777_7abcL));
    assertEquals(0xfff, entry.addrMask());
  }

  @Test
  void aBlockMayBeOneAddressOrAll() {
    entry.grant(TARGET, 0x1234, 0, true, true);
    assertEquals(0x1234, entry.apply(-1));
    entry.grant(TARGET, 0x1234, -1, true, true);
    assertEquals(-1, entry.apply(-1));
  }

  @Test
  void aMaskWithAGapIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> entry.grant(TARGET, 0, 0xf0f, true, true)).getMessage();
    assertTrue(message.contains("0000000000000f0f"), message);
    assertThrows(IllegalArgumentException.class, () -> entry.grant(TARGET, 0, 0x1000, true, true));
    assertGrantsNothing();
  }

  @Test
  void anAnswerMayBeUsedAgainUntilTheSequenceAdvances() {
    InvalidationSequence changes = new InvalidationSequence();
    entry.grant(TARGET, 0, 0xfff, true, true);
    assertFalse(entry.isReusable());
    entry.reusableWhile(changes, changes.current());
    assertTrue(entry.isReusable());
    changes.advance();
    assertFalse(entry.isReusable());
    assertTrue(entry.permits(Access.WRITE));
  }

  @Test
  void anotherAnswerIsNotReusableUnlessThatIsSaidAnew() {
    InvalidationSequence changes = new InvalidationSequence();
    entry.grant(TARGET, 0, 0xfff, true, true);
    entry.reusableWhile(changes, changes.current());
    entry.grant(TARGET, 0x1000, 0xfff, true, true);
    assertFalse(entry.isReusable());
    entry.reusableWhile(changes, changes.current());
    entry.deny(0xfff);
    assertFalse(entry.isReusable());
    assertNull(entry.target());
  }

  @Test
  void aReasonIsTheDenialsOwn() {
    entry.deny(0, 3, 4);
    assertEquals(3, entry.reason());
    assertEquals(4, entry.detail());
    entry.grant(TARGET, 0, 0, true, true);
    assertEquals(0, entry.reason());
    assertEquals(0, entry.detail());
  }

  @Test
  void aGrantNeedsATarget() {
    assertThrows(NullPointerException.class, () -> entry.grant(null, 0, 0, true, true));
    assertGrantsNothing();
  }

  private void assertGrantsNothing() {
    assertNull(entry.target());
    assertFalse(entry.permits(Access.READ));
    assertFalse(entry.permits(Access.WRITE));
  }
}
