package io.flatview.examples.virt64.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.InterruptLine;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a source is pending: what kernels written for QEMU's virt machine count on. */
class PlicTest {

  private static final int SOURCE = 10;
  private static final int ENABLE = 0x2000;
  private static final int CLAIM = 0x20_0004;

  private final Plic plic = new Plic(List.of(new HartPort()));
  private final InterruptLine line = plic.line(SOURCE);

  @BeforeEach
  void enable() {
    plic.write(SOURCE * 4, 4, 1);
    plic.write(ENABLE, 4, 1 << SOURCE);
  }

  private long claim() {
    return plic.read(CLAIM, 4);
  }

  private void complete() {
    plic.write(CLAIM, 4, SOURCE);
  }

  @Test
  void aLineThatStaysHighIsPendingOnce() {
    line.set(true);
    assertEquals(SOURCE, claim());
    complete();
    assertEquals(0, claim());
  }

  @Test
  void aLineThatIsRaisedWhileItsSourceIsClaimedIsPendingAfterwards() {
    line.set(true);
    assertEquals(SOURCE, claim());
    line.set(false);
    line.set(true);
    assertEquals(0, claim());
    complete();
    assertEquals(SOURCE, claim());
  }

  @Test
  void aLineThatFallsLeavesItsSourcePending() {
    line.set(true);
    line.set(false);
    assertEquals(SOURCE, claim());
  }
}
