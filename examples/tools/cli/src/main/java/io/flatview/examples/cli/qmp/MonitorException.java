package io.flatview.examples.cli.qmp;

/** A running QEMU cannot be asked. */
public final class MonitorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MonitorException(String message) {
    super(message);
  }
}
