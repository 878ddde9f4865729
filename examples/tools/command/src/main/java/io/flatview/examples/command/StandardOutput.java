package io.flatview.examples.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The output of a command, with the first failure to print it: a writer alone would pass over it. */
final class StandardOutput {

  private static final String BROKEN_PIPE = "Broken pipe";

  /** Keeps the first failure. */
  private static final class Watched extends FilterOutputStream {
    private volatile IOException failure;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }

  private final Watched out;
  private final PrintWriter writer;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream stream) {
    this.out = new Watched(stream);
    this.writer = new PrintWriter(new OutputStreamWriter(out, charset()));
  }

  private static Charset charset() {
    return Charset.forName(System.getProperty("stdout.encoding", "UTF-8"), StandardCharsets.UTF_8);
  }

  PrintWriter writer() {
    return writer;
  }

  /** Whether all of it was written. A reader that has seen enough is no failure worth a message. */
  boolean isWritten(PrintStream err) {
    writer.flush();
    IOException failure = out.failure;
    if (failure != null && !BROKEN_PIPE.equals(failure.getMessage())) {
      err.println("flatview: the output is lost: " + failure.getMessage());
    }
    return failure == null;
  }
}
