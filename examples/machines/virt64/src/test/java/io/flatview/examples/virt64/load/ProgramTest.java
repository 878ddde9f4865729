package io.flatview.examples.virt64.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramTest {

  private static final int HEADER = 64;
  private static final int SEGMENT = 56;
  private static final int CONTENT = 0x200;
  private static final int BYTES = 0x300;
  private static final int RISCV = 243;
  private static final long VIRTUAL = 0xffff_ffc0_0000_0000L;

  /** Two segments of eight bytes, linked high and loaded low; the second begins with 2. */
  private static ByteBuffer elf() {
    ByteBuffer elf = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c_457f).put(4, (byte) 2).put(5, (byte) 1);
    elf.putShort(18, (short) RISCV).putLong(24, VIRTUAL + 0x1004).putLong(32, HEADER);
    elf.putShort(54, (short) SEGMENT).putShort(56, (short) 2);
    segment(elf, HEADER, CONTENT, VIRTUAL, 0x8000_0000L);
    segment(elf, HEADER + SEGMENT, CONTENT + 8, VIRTUAL + 0x1000, 0x8040_0000L);
    return elf.putLong(CONTENT, 1).putLong(CONTENT + 8, 2);
  }

  private static void segment(ByteBuffer elf, int at, long offset, long virtual, long physical) {
    elf.putInt(at, 1).putLong(at + 8, offset).putLong(at + 16, virtual).putLong(at + 24, physical);
    elf.putLong(at + 32, 8).putLong(at + 40, 0x100);
  }

  private static Program read(byte[] content) {
    return Program.of("image", content, 0x8020_0000L);
  }

  private static String refusal(byte[] content) {
    return assertThrows(LoadException.class, () -> read(content)).getMessage();
  }

  @Test
  void segmentsGoToTheirPhysicalAddresses() {
    Program program = read(elf().array());
    assertEquals(0x8000_0000L, program.pieces().getFirst().address());
    assertEquals(0x8040_0000L, program.pieces().getLast().address());
    assertEquals(2, program.pieces().getLast().content().get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(0x8040_0004L, program.entry());
    assertEquals(0x8040_0008L, program.end());
    assertFalse(program.isTest());
  }

  @Test
  void anythingElseIsARawImage() {
    Program program = read(new byte[100]);
    assertEquals(0x8020_0000L, program.entry());
    assertEquals(100, program.pieces().getFirst().content().byteSize());
  }

  @Test
  void programsForOtherMachinesAreRefused() {
    String expected = "image is an ELF file, but not for 64-bit little-endian RISC-V";
    assertEquals(expected, refusal(elf().put(4, (byte) 1).array()));
    assertEquals(expected, refusal(elf().put(5, (byte) 2).array()));
    assertEquals(expected, refusal(elf().putShort(18, (short) 62).array()));
  }

  @Test
  void brokenProgramsAreRefused() {
    assertTrue(refusal(Arrays.copyOf(elf().array(), CONTENT + 12)).endsWith("ends too early"));
    assertTrue(refusal(elf().putLong(32, 1 << 20).array()).endsWith("ends too early"));
    assertTrue(refusal(elf().putInt(HEADER, 0).putInt(HEADER + SEGMENT, 0).array()).endsWith("nothing to load"));
  }
}
