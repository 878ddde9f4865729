package io.flatview.examples.races.debate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jcstress.annotations.Expect;

/** The story for a reader of the thread, with what was seen here. */
final class DebatePage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Root and table: a debate, settled</title>
      <style>
      body { font: 16px/1.5 Georgia, serif; max-width: 50em; margin: 2em auto; padding: 0 1em; color: #222; }
      h1, h2 { font-family: Helvetica, Arial, sans-serif; line-height: 1.2; }
      table { border-collapse: collapse; width: 100%; margin: .5em 0 1.5em;
        font: 14px/1.4 Helvetica, Arial, sans-serif; }
      td, th { border-bottom: 1px solid #ddd; padding: .3em .6em; text-align: left; vertical-align: top; }
      th { white-space: nowrap; }
      td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      .bad td { background: #fde8e8; } .never td { color: #777; }
      .verdict { font: bold 13px Helvetica, Arial, sans-serif; padding: .2em .6em; border-radius: .3em;
        margin-left: .5em; white-space: nowrap; }
      .broken { background: #c0392b; color: white; } .safe { background: #2e7d4f; color: white; }
      p.race { margin: 0; font-family: Helvetica, Arial, sans-serif; font-size: 14px; }
      </style></head><body>
      <h1>Root and table: a debate, settled</h1>
      <p>In May 2013 a patch to QEMU made each address space's dispatcher switch to its next map RCU style
      (<i>mem: prepare address_space listener rcu style</i>). A map is two words, the <b>root</b> of a radix tree and
      the <b>table</b> that its nodes stand in, and a reader must get both of the same map. The thread offers several
      ways. Each is run here as a race of one reader with one writer, on this machine. All words are volatile: what
      fails, fails by its own logic. Numbers are generations; an outcome with two numbers that differ is a torn map.</p>
      """;

  private final Map<Class<?>, Evidence> evidence;

  DebatePage(List<Evidence> evidence) {
    this.evidence = evidence.stream().collect(Collectors.toMap(Evidence::race, Function.identity()));
  }

  String html() {
    StringBuilder page = new StringBuilder(HEAD);
    Chapter.ALL.forEach(chapter -> page.append(html(chapter)));
    return page
        .append("<p>%s %s, %s, %d processors; Java %s.</p>%n</body></html>%n".formatted(
            System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(), Runtime.version()))
        .toString();
  }

  private String html(Chapter chapter) {
    String colour = chapter.verdict().startsWith("broken") ? "broken" : "safe";
    StringBuilder html = new StringBuilder("<h2>%s <span class=\"verdict %s\">%s</span></h2>%n<p>%s</p>%n".formatted(
        text(chapter.title()), colour, text(chapter.verdict()), text(chapter.story())));
    chapter.races().forEach(race -> html.append(html(evidence.get(race))));
    return html.toString();
  }

  private static String html(Evidence seen) {
    StringBuilder html = new StringBuilder("<p class=\"race\"><b>%s.</b> %s</p>%n<table>%n".formatted(
        seen.race().getSimpleName(), text(seen.description())));
    html.append(String.format(
        Locale.ROOT, "<tr><th>outcome</th><th>seen</th><th>of %,d</th><th></th></tr>%n", seen.samples()));
    seen.outcomes().forEach(outcome -> html.append(html(outcome, seen.samples())));
    return html.append("</table>%n".formatted()).toString();
  }

  private static String html(Evidence.Seen outcome, long samples) {
    boolean good = outcome.expect() == Expect.ACCEPTABLE;
    String look = good ? "good" : outcome.count() > 0 ? "bad" : "never";
    return "<tr class=\"%s\"><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td>%s</td></tr>%n".formatted(
        look, text(outcome.id()), outcome.count() == 0 ? "never" : String.format(Locale.ROOT, "%,d", outcome.count()),
        outcome.count() == 0 ? "" : String.format(Locale.ROOT, "%.4g %%", 100.0 * outcome.count() / samples),
        text(outcome.story()));
  }

  private static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
