package io.flatview.rcu;

/**
 * The checked mode, {@code -Dflatview.checked=true} at start: misuse of the library throws an exception, whose cause
 * has the stack of the call that the misuse conflicts with. While the mode is off, each check is a branch on a
 * constant, which the compiler removes.
 *
 * <table class="striped">
 * <caption>The misuses that are noticed</caption>
 * <thead><tr><th scope="col">misuse</th><th scope="col">thrown by</th><th scope="col">cause</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">a pointer followed outside a section</th><td>{@link RcuReference#dereference()}</td>
 * <td>where the last section was entered, with {@link #STACKS}; where the reader went offline or was closed</td></tr>
 * <tr><th scope="row">a section entered offline, or by a closed reader</th><td>{@link Reader#enter()}</td>
 * <td>where it went offline, or was closed</td></tr>
 * <tr><th scope="row">a section left by another thread than entered it, in flavours that refuse it</th>
 * <td>{@link ReadSection#close()}</td><td>where it was entered, with {@link #STACKS}; else where that thread is now
 * </td></tr>
 * <tr><th scope="row">an object or an action retired twice</th>
 * <td>{@link ReclaimPolicy#retire(Object, ReclaimAction) retire}</td><td>where it was retired first</td></tr>
 * <tr><th scope="row">an object used after it was reclaimed</th>
 * <td>{@link RcuReference#dereference()}, {@link #requireLive}</td><td>where it was retired</td></tr>
 * <tr><th scope="row">a reader that was dropped unclosed</th>
 * <td>none: {@linkplain ReclaimOptions#stallListener() reported}</td><td>where it was registered</td></tr>
 * </tbody>
 * </table>
 */
public final class Checked {

  /** The system property. */
  public static final String PROPERTY = "flatview.checked";

  /**
   * Whether checked mode is on. A pointer that is followed is then looked up, and the look waits until the processor's
   * store buffer is empty: a missing fence hardly shows. Test memory order without the mode.
   */
  public static final boolean ON = Boolean.getBoolean(PROPERTY) || isStacks();

  /**
   * Whether to remember where each section was entered: {@code -Dflatview.checked=stacks}, which implies {@link #ON}.
   * It costs a stack walk and an allocation per outermost section, and the walk drains the store buffer, too.
   */
  public static final boolean STACKS = isStacks();

  private Checked() {}

  /**
   * Makes sure that an object has not been reclaimed: for the accessors of objects that are {@linkplain
   * ReclaimPolicy#retire(Object, ReclaimAction) retired}. Does nothing unless {@link #ON}. Allocates nothing.
   *
   * @param <T> the type of the object
   * @param object any object
   * @return the same object
   * @throws IllegalStateException if it has been reclaimed; its cause is where it was retired
   */
  public static <T> T requireLive(T object) {
    if (ON) {
      Lifetimes.requireLive(object);
    }
    return object;
  }

  /**
   * Captures the present stack, as the cause of a later exception.
   *
   * @param what the event, as a participle
   * @return an exception that is not thrown by itself
   */
  public static Throwable here(String what) {
    return new Throwable(what + " here, by " + Thread.currentThread());
  }

  private static boolean isStacks() {
    return "stacks".equals(System.getProperty(PROPERTY));
  }
}
