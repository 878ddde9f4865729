package io.flatview.examples.vhost.queue;

/** An access that found nothing in the IOTLB was not granted in time, or the queue is to end. */
final class NotGranted extends Exception {

  private static final long serialVersionUID = 1L;

  NotGranted(Throwable cause) {
    super(cause);
  }
}
