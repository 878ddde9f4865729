package io.flatview.rcu.spi.planted;

import org.jctools.queues.MpscArrayQueue;

/** Breaks a rule on purpose. */
final class UsesUnsafeQueue {
  MpscArrayQueue<?> forbidden;
}
