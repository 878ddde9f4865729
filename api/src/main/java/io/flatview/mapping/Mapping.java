package io.flatview.mapping;

import io.flatview.mapping.host.FileUse;
import io.flatview.mapping.host.HostAllocator;
import io.flatview.mapping.host.HostBlock;
import io.flatview.rcu.Milestone;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.stack.Headroom;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap that readers reach inside sections of a {@link ReclaimPolicy}. Closing it retires it: it is
 * given back after a grace period, when the last section that may have seen it has ended.
 *
 * <table class="striped">
 * <caption>A segment that is used after its section</caption>
 * <thead><tr><th scope="col">the mapping</th><th scope="col">in checked mode</th><th scope="col">otherwise</th></tr>
 * </thead>
 * <tbody>
 * <tr><th scope="row">is open, or its grace period has not ended</th><td>works</td><td>works</td></tr>
 * <tr><th scope="row">is given back, asked by {@link #segment()}</th><td>throws</td><td>throws</td></tr>
 * <tr><th scope="row">is given back, through a segment that was kept</th><td>throws: the segment's arena is closed</td>
 * <td>ends the process, or reads what is mapped there now</td></tr>
 * <tr><th scope="row">is {@linkplain #pin() pinned}</th><td>works</td><td>works</td></tr>
 * </tbody>
 * </table>
 *
 * <p>A mapping that is dropped unclosed is given back when neither it nor a segment of it can be reached any more, and
 * a warning says so. In {@linkplain io.flatview.rcu.Checked checked mode}, and without native access, it is given back
 * as soon as the mapping itself cannot be reached.
 *
 * <p>Do not make a mapped file shorter: an access to pages that it no longer holds throws {@link InternalError}.
 *
 * <p><b>Threading.</b> For any thread. All methods may be called by any thread. Neither close nor pin waits for
 * readers, except that close may be throttled if too much memory is retired: see {@link
 * ReclaimPolicy#retire(io.flatview.rcu.ReclaimAction, long)}.
 */
public final class Mapping implements AutoCloseable {

  /** The effect of loads and stores on a mapped file. */
  public enum Use {
    /** The file is read; its segment refuses stores. */
    READ(FileUse.READ_ONLY),
    /** Stores reach the file, and all mappings of it. */
    READ_WRITE(FileUse.SHARED),
    /** Stores stay with the mapping, whose pages are copied as they are written. */
    PRIVATE(FileUse.PRIVATE);

    final FileUse host;

    Use(FileUse host) {
      this.host = host;
    }
  }

  /** Keeps a mapping from being given back. Closing twice does nothing. For any thread. */
  public interface Pin extends AutoCloseable {

    /**
     * The memory, until the pin is closed.
     *
     * @return the whole mapping
     */
    MemorySegment segment();

    @Override
    void close();
  }

  private final class UsePin implements Pin {

    private volatile boolean ended;

    @Override
    public MemorySegment segment() {
      return Mapping.this.segment();
    }

    @Override
    public void close() {
      if (ENDED.compareAndSet(this, false, true)) {
        boolean last;
        try {
          last = isLastUse();
        } catch (Throwable e) {
          ended = false; // a store, which needs no stack
          throw e;
        }
        if (last) {
          giveBack();
        }
      }
    }
  }

  /*
   * uses is the number of pins, plus 1 until a grace period after the close. Once it is 0 it stays 0.
   *
   *   field   | read                        | write                            | guard
   *   segment | plain by readers in a       | plain, null by the thread that   | the grace period
   *           | section or with a pin       | ends the last use                |
   *   uses    | volatile                    | volatile RMW                     | -
   *   closed  | volatile                    | volatile RMW                     | -
   */

  private static final VarHandle CLOSED = flag(Mapping.class, "closed");
  private static final VarHandle ENDED = flag(UsePin.class, "ended");

  private final ReclaimPolicy policy;
  private final HostAllocator allocator;
  private final HostBlock memory;
  private final long byteSize;
  private final AtomicLong uses = new AtomicLong(1);
  private final Milestone released = new Milestone();
  private MemorySegment segment;
  private volatile boolean closed;

  private static VarHandle flag(Class<?> type, String field) {
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).findVarHandle(type, field, boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Mapping(ReclaimPolicy policy, HostAllocator allocator, HostBlock memory) {
    this.policy = policy;
    this.allocator = allocator;
    this.memory = memory;
    this.segment = memory.segment();
    this.byteSize = memory.segment().byteSize();
  }

  /**
   * The memory. Readers inside a section may use it until their section ends; other threads only while they know that
   * the mapping is open, or have it pinned.
   *
   * @return the whole mapping
   * @throws IllegalStateException if it has been given back
   */
  public MemorySegment segment() {
    MemorySegment present = segment;
    if (present == null) {
      throw isReleased();
    }
    return present;
  }

  private IllegalStateException isReleased() {
    return new IllegalStateException("a mapping of " + byteSize + " bytes is used by " + Thread.currentThread()
        + " after it was given back; follow a reference to it inside a section, and use it there only");
  }

  /**
   * The size of the mapping.
   *
   * @return the number of bytes
   */
  public long byteSize() {
    return byteSize;
  }

  /**
   * Keeps the memory beyond the section in which it was found, for long operations: pin it inside the section, leave,
   * read or write, and close the pin. So one slow reader holds up one mapping, and not all objects retired since. Pin
   * and close take an atomic instruction each.
   *
   * @return the pin, to be closed by any thread
   * @throws IllegalStateException if it has been given back
   */
  public Pin pin() {
    UsePin pin = new UsePin();
    if (uses.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw isReleased();
    }
    return pin;
  }

  /**
   * Writes stored bytes to the file of a {@link Use#READ_WRITE} mapping, and waits until they are written. The caller
   * must be allowed to use {@link #segment()}.
   *
   * @return whether the system wrote them
   */
  public boolean force() {
    return allocator.sync(segment());
  }

  /**
   * Retires the memory: unlink it first, so that no new reader finds it. Closing twice does nothing.
   *
   * @throws io.flatview.rcu.RejectedRetireException if too much waits, and the policy's limit rejects; it stays open
   * @throws IllegalStateException if the policy is closed; it stays open, and is given back when it is dropped
   */
  @Override
  public void close() {
    if (!CLOSED.compareAndSet(this, false, true)) {
      return;
    }
    try {
      policy.retire(new EndUse(), byteSize);
    } catch (Throwable e) {
      closed = false; // a store, which needs no stack
      throw e;
    }
  }

  /** Ends the use that lasts until a grace period after the close. */
  private final class EndUse implements ReclaimAction {

    @Override
    public void reclaim() {
      if (isLastUse()) {
        giveBack();
      }
    }

    @Override
    public void abandon(Throwable cause) {
      released.fail(cause);
    }
  }

  /** Ends a use, or throws and ends none. If it was the last, there is stack to give the memory back. */
  private boolean isLastUse() {
    long before;
    do {
      before = uses.get();
      if (before == 1) {
        Headroom.require();
      }
    } while (!uses.compareAndSet(before, before - 1));
    return before == 1;
  }

  private void giveBack() {
    segment = null;
    try {
      memory.hold().release();
      released.reach();
    } catch (Throwable e) {
      released.fail(e);
      throw e;
    }
  }

  /**
   * Completes when the memory has been given back.
   *
   * @return a stage that completes after the grace period and the last pin; completes exceptionally if the system, or
   *     the user's free, failed, or if the policy was closed and gave the grace period up
   */
  public CompletionStage<Void> released() {
    return released.stage();
  }
}
