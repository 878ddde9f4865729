package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Tortures a flavour that is found on the class path, and prints what was seen. Arguments are {@code key=value}; exits
 * with 1 if a reader was not protected.
 *
 * <table class="striped">
 * <caption>Arguments</caption>
 * <thead><tr><th scope="col">key</th><th scope="col">default</th><th scope="col">meaning</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">flavour</th><td>the only one</td><td>its name</td></tr>
 * <tr><th scope="row">shape</th><td>all</td><td>{@code duel}, {@code platform}, {@code virtual}, or one after the other
 * </td></tr>
 * <tr><th scope="row">seconds</th><td>60</td><td>how long in all</td></tr>
 * <tr><th scope="row">readers</th><td>of the shape</td><td>how many</td></tr>
 * <tr><th scope="row">fakes</th><td>1, in a duel 0</td><td>how many fake updaters</td></tr>
 * <tr><th scope="row">nesting</th><td>3</td><td>how deep</td></tr>
 * <tr><th scope="row">stall</th><td>5, in a duel 0</td><td>how many milliseconds</td></tr>
 * <tr><th scope="row">dirty</th><td>of the shape</td><td>how many words of private stores</td></tr>
 * <tr><th scope="row">deaths</th><td>true, in a duel false</td><td>whether threads die in sections</td></tr>
 * <tr><th scope="row">interrupts</th><td>true, in a duel false</td><td>whether threads are interrupted</td></tr>
 * <tr><th scope="row">leaks</th><td>false</td><td>whether readers are broken, to see that it is noticed</td></tr>
 * </tbody>
 * </table>
 */
public final class TortureMain {

  private static final List<String> SHAPES = List.of("duel", "platform", "virtual");

  private final Map<String, String> given;

  private TortureMain(Map<String, String> given) {
    this.given = given;
  }

  /**
   * Tortures.
   *
   * @param args {@code key=value}
   */
  public static void main(String[] args) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("expected key=value, not '" + arg + "'");
      }
      given.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    System.exit(new TortureMain(given).torture() ? 0 : 1);
  }

  private boolean torture() {
    String shape = valueOf("shape", "all");
    List<String> shapes = shape.equals("all") ? SHAPES : List.of(shape);
    Duration each = Duration.ofSeconds(Long.parseLong(valueOf("seconds", "60"))).dividedBy(shapes.size());
    return shapes.stream().map(s -> survives(s, each)).reduce(true, Boolean::logicalAnd);
  }

  private boolean survives(String shape, Duration limit) {
    try (ReclaimPolicy policy = newPolicy()) {
      TortureReport report = AgeingTorture.of(policy, options(shape)).run(limit);
      System.out.printf("%-8s %-8s %s%n", policy.name(), shape, report);
      return report.violations() == 0 && report.hasChecked();
    }
  }

  private ReclaimPolicy newPolicy() {
    String name = given.get("flavour");
    return name == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(name);
  }

  private TortureOptions options(String shape) {
    boolean duel = shape.equals("duel");
    TortureOptions options = switch (shape) {
      case "duel" -> TortureOptions.duel();
      case "platform" -> TortureOptions.platformThreads();
      case "virtual" -> TortureOptions.virtualThreads();
      default -> throw new NoSuchElementException("no shape '" + shape + "'; there are " + SHAPES);
    };
    options.fakeUpdaters(number("fakes", duel ? 0 : 1)).nesting(number("nesting", 3));
    options.stalls(Duration.ofMillis(number("stall", duel ? 0 : 5)));
    options.readers(number("readers", options.readers())).privateWords(number("dirty", options.privateWords()));
    if (flag("deaths", !duel)) {
      options.deaths();
    }
    if (flag("interrupts", !duel)) {
      options.interrupts();
    }
    if (flag("leaks", false)) {
      options.leaks();
    }
    return options;
  }

  private int number(String key, int otherwise) {
    return Integer.parseInt(valueOf(key, Integer.toString(otherwise)));
  }

  private boolean flag(String key, boolean otherwise) {
    return Boolean.parseBoolean(valueOf(key, Boolean.toString(otherwise)));
  }

  private String valueOf(String key, String otherwise) {
    return given.getOrDefault(key, otherwise);
  }
}
