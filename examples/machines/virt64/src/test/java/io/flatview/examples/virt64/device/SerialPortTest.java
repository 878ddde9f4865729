package io.flatview.examples.virt64.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transmitter of a serial port, and how much a host may type ahead. */
class SerialPortTest {

  private static final int DATA = 0;
  private static final int INTERRUPT_ENABLE = 1;
  private static final int INTERRUPT_ID = 2;
  private static final int LINE_STATUS = 5;
  private static final int IDLE = 0x60;

  /** Takes as many bytes as there is room for. */
  private static final class Sink implements ConsoleSink {

    private int room;

    @Override
    public void accept(int value) {
      room--;
    }

    @Override
    public boolean hasRoom() {
      return room > 0;
    }
  }

  private final Sink sink = new Sink();
  private final List<Boolean> levels = new ArrayList<>();
  private final SerialPort port = new SerialPort(sink, levels::add);

  private boolean level() {
    return levels.getLast();
  }

  @Test
  void sendingLowersTheLineAndRaisesItWhenTheTransmitterIsEmptyAgain() {
    sink.room = 10;
    port.write(INTERRUPT_ENABLE, 1, 2);
    assertTrue(level());
    levels.clear();
    port.write(DATA, 1, 'x');
    assertEquals(List.of(false, true), levels);
  }

  @Test
  void aTransmitterWithoutRoomIsNotEmptyAndInterruptsWhenItIs() {
    sink.room = 1;
    port.write(INTERRUPT_ENABLE, 1, 2);
    port.write(DATA, 1, 'x');
    assertFalse(level());
    assertEquals(0, port.read(LINE_STATUS, 1) & IDLE);
    sink.room = 1;
    port.transmit();
    assertTrue(level());
    assertEquals(IDLE, port.read(LINE_STATUS, 1));
    assertEquals(2, port.read(INTERRUPT_ID, 1));
    assertFalse(level());
  }

  @Test
  void whatIsTypedAheadHasALimitAndOneThatIsReadMakesRoomForOne() {
    int taken = 0;
    while (port.receive((byte) taken)) {
      taken++;
      assertTrue(taken < 1 << 20, "there is no limit");
    }
    assertEquals(0, port.read(DATA, 1));
    assertTrue(port.receive((byte) 1));
    assertFalse(port.receive((byte) 1));
  }
}
