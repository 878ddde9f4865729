package io.flatview.dispatch.planted;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/** Breaks a rule on purpose. */
final class UsesQueues {
  MpscUnboundedVarHandleArrayQueue<?> forbidden;
}
