package io.flatview.examples.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Output that is lost is no success. */
class StandardOutputTest {

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  private boolean isWritten(String failure) {
    StandardOutput out = new StandardOutput(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        if (!failure.isEmpty()) {
          throw new IOException(failure);
        }
      }
    });
    out.writer().print("a map");
    return out.isWritten(new PrintStream(told, true, StandardCharsets.UTF_8));
  }

  @Test
  void aFullDiskIsToldAndIsAFailure() {
    assertFalse(isWritten("No space left on device"));
    assertEquals("flatview: the output is lost: No space left on device",
        told.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void aReaderThatHasSeenEnoughIsAFailureWithoutAWord() {
    assertFalse(isWritten("Broken pipe"));
    assertEquals(0, told.size());
  }

  @Test
  void whatIsWrittenIsASuccess() {
    assertTrue(isWritten(""));
  }
}
