package io.flatview.examples.vhost.queue;

import io.flatview.examples.virtio.VirtioRequest;

/**
 * A request from being taken to being returned. It belongs to the thread of its queue, but while a helper has it; it
 * comes back by way of a queue, which orders what the helper wrote before.
 */
final class Task {

  private final VirtioRequest request;
  private Throwable failure;
  private boolean served;
  private boolean returned;

  Task(VirtioRequest request) {
    this.request = request;
  }

  VirtioRequest request() {
    return request;
  }

  void fail(Throwable cause) {
    failure = cause;
  }

  /** Why it was not served; null if nothing is known against it. */
  Throwable failure() {
    return failure;
  }

  void setServed() {
    served = true;
  }

  boolean isServed() {
    return served;
  }

  void setReturned() {
    returned = true;
  }

  boolean isReturned() {
    return returned;
  }
}
