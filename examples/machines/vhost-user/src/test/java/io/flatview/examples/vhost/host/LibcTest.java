package io.flatview.examples.vhost.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Calls have wider parameters and results than the functions, and more of them; their outcomes are the functions'. */
class LibcTest {

  private static final int BAD_DESCRIPTOR = -9;
  private static final int NO_PIPE = -29;
  private static final int AF_UNIX = 1;
  private static final int STREAM = 1;
  private static final int GET_STATUS = 3;
  private static final int READ_WRITE = 2;
  private static final int FROM_START = 0;

  @Test
  void aFailingCallGivesItsErrorNumber() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment some = arena.allocate(64);
      assertEquals(BAD_DESCRIPTOR, Libc.close(-1));
      assertEquals(BAD_DESCRIPTOR, Libc.listen(-1, 1));
      assertEquals(BAD_DESCRIPTOR, Libc.truncate(-1, 0));
      assertEquals(BAD_DESCRIPTOR, Libc.accept(-1, 0));
      assertEquals(BAD_DESCRIPTOR, Libc.control(-1, GET_STATUS, 0));
      assertEquals(BAD_DESCRIPTOR, Libc.bind(-1, some));
      assertEquals(BAD_DESCRIPTOR, Libc.read(-1, some));
      assertEquals(BAD_DESCRIPTOR, Libc.write(-1, some));
      assertEquals(BAD_DESCRIPTOR, Libc.receive(-1, some, 0));
    }
  }

  @Test
  void numbersBeyondAnIntPassWhole() {
    try (Arena arena = Arena.ofConfined()) {
      int file = Libc.memoryFile(arena.allocateFrom("libc-test"), 0);
      assertTrue(file >= 0);
      assertEquals(0, Libc.truncate(file, 0x3_0000_0000L));
      assertEquals(0x2_0000_0001L, Libc.seek(file, 0x2_0000_0001L, FROM_START));
      assertEquals(-Libc.EINVAL, Libc.seek(file, -1, FROM_START));
      assertEquals(READ_WRITE, Libc.control(file, GET_STATUS, 0) & 3);
      assertEquals(0, Libc.close(file));
    }
  }

  @Test
  void bytesPassThroughAPair() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      assertEquals(0, Libc.socketPair(AF_UNIX, STREAM, pair));
      int one = pair.getAtIndex(ValueLayout.JAVA_INT, 0);
      int other = pair.getAtIndex(ValueLayout.JAVA_INT, 1);
      assertEquals(3, Libc.write(one, arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3)));
      MemorySegment into = arena.allocate(8);
      assertEquals(3, Libc.read(other, into));
      assertArrayEquals(new byte[] {1, 2, 3, 0, 0, 0, 0, 0}, into.toArray(ValueLayout.JAVA_BYTE));
      assertEquals(NO_PIPE, Libc.seek(one, 0, FROM_START));
      assertEquals(0, Libc.close(one));
      assertEquals(0, Libc.close(other));
    }
  }
}
