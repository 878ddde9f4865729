package io.flatview.examples.virt64.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.Timebase;
import org.junit.jupiter.api.Test;

class PrivilegedStateTest {

  private static final long SUPERVISOR_COMPARES = 1L << 63;
  private static final long MACHINE_TIMER = 1L << Cause.MACHINE_TIMER;
  private static final long SUPERVISOR_TIMER = 1L << Cause.SUPERVISOR_TIMER;

  private final HartPort port = new HartPort();
  private final PrivilegedState state = new PrivilegedState(port, new Timebase());

  @Test
  void aTimerThatIsDisabledDoesNotHideTheOther() {
    state.menvcfg = SUPERVISOR_COMPARES;
    port.setTimeCompare(0);
    state.stimecmp = 5000;
    state.mie = SUPERVISOR_TIMER;
    assertEquals(5000, state.nextTimer());
    state.mie = MACHINE_TIMER;
    assertEquals(0, state.nextTimer());
  }

  @Test
  void withoutATimerASleepHasNoEnd() {
    port.setTimeCompare(1000);
    state.stimecmp = 2000;
    assertEquals(-1, state.nextTimer());
    state.mie = SUPERVISOR_TIMER;
    assertEquals(-1, state.nextTimer());
  }
}
