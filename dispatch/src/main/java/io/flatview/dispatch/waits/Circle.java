package io.flatview.dispatch.waits;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Threads that would wait for each other for ever.
 *
 * @param waits the waits, each for what the next thread has; the last is for what the first thread has
 */
public record Circle(List<Wait> waits) {

  /** Copies the list. */
  public Circle {
    waits = List.copyOf(waits);
  }

  /** Whether no wait is cheaper than the first. */
  boolean isFirstTheCheapest() {
    Wait.Price first = waits.getFirst().price();
    return waits.stream().allMatch(wait -> wait.price().compareTo(first) >= 0);
  }

  /**
   * What each thread has, and what it waits for.
   *
   * @return one line; for each thread its name, what it has, and what it waits for
   */
  public String describe() {
    return IntStream.range(0, waits.size()).mapToObj(this::describe).collect(Collectors.joining("; "));
  }

  private String describe(int index) {
    Wait wait = waits.get(index);
    Held held = waits.get((index == 0 ? waits.size() : index) - 1).wanted();
    String then = index == 0 ? " and would wait for " : " and waits for ";
    return name(wait.thread()) + " has " + held + then + wait.wanted();
  }

  private static String name(Thread thread) {
    return "thread '" + thread.getName() + "' #" + thread.threadId();
  }

  /**
   * Refuses the first wait.
   *
   * @param what what is refused
   * @param cure what holds now, and how to do without the circle
   * @return an error that names the threads, what each has, and what it waits for; its cause is the place at which the
   *     thread waits that has what is wanted
   */
  public IllegalStateException refusal(String what, String cure) {
    return new IllegalStateException(what + ": " + describe() + "; " + cure, whereTheOtherIs());
  }

  private Throwable whereTheOtherIs() {
    Thread other = waits.get(1 % waits.size()).thread();
    Throwable place = new Throwable(name(other) + " waits here");
    place.setStackTrace(other.getStackTrace());
    return place;
  }
}
