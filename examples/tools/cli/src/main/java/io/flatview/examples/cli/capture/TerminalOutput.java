package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.List;

/**
 * Prints each line as a terminal does, and takes what is left on it: colours are gone, and of a command that an editor
 * echoed letter by letter, the command stays.
 */
final class TerminalOutput implements Stage {

  private static final int WIDEST = 16_384;
  private static final char ESCAPE = '\u001b';

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    return lines.stream().map(line -> line.with(printed(line.text()))).toList();
  }

  static String printed(String text) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0)) ? new Screen(text).print()
        : text;
  }

  /** One line while it is printed. */
  private static final class Screen {
    private final String text;
    private final StringBuilder shown = new StringBuilder();
    private int at;
    private int column;

    Screen(String text) {
      this.text = text;
    }

    String print() {
      while (at < text.length()) {
        character(text.charAt(at++));
      }
      return shown.toString();
    }

    private void character(char c) {
      switch (c) {
        case '\b' -> column = Math.max(0, column - 1);
        case '\r' -> column = 0;
        case '\t' -> put('\t');
        case ESCAPE -> escape();
        case '\u009b' -> control();
        default -> {
          if (c >= ' ' && c != 0x7f && (c < 0x80 || c >= 0xa0)) {
            put(c);
          }
        }
      }
    }

    private void put(char c) {
      if (column < shown.length()) {
        shown.setCharAt(column, c);
      } else if (column < WIDEST) {
        shown.repeat(' ', column - shown.length()).append(c);
      }
      column++;
    }

    private void escape() {
      char kind = at < text.length() ? text.charAt(at++) : ' ';
      if (kind == '[') {
        control();
      } else if (kind == ']') {
        command();
      } else if (kind == '(' || kind == ')') {
        at = Math.min(at + 1, text.length());
      }
    }

    /** The title of a window and the like: up to a bell or the string terminator. */
    private void command() {
      while (at < text.length() && text.charAt(at) != '\u0007' && text.charAt(at) != ESCAPE) {
        at++;
      }
      at = Math.min(at + (at < text.length() && text.charAt(at) == ESCAPE ? 2 : 1), text.length());
    }

    private void control() {
      int start = at;
      while (at < text.length() && (text.charAt(at) < '@' || text.charAt(at) > '~')) {
        at++;
      }
      if (at < text.length()) {
        run(text.charAt(at), text.substring(start, at));
        at++;
      }
    }

    private void run(char order, String argument) {
      int count = argument.matches("[0-9]{1,5}") ? Integer.parseInt(argument) : argument.isEmpty() ? -1 : 0;
      switch (order) {
        case 'D' -> column = Math.max(0, column - Math.abs(count));
        case 'C' -> column = Math.min(WIDEST, column + Math.abs(count));
        case 'G' -> column = Math.clamp(Math.abs(count) - 1L, 0, WIDEST);
        case 'K' -> erase(Math.max(0, count));
        case 'P' -> shown.delete(Math.min(column, shown.length()), Math.min(column + Math.abs(count), shown.length()));
        default -> {
          // Colours, and what moves beyond the line.
        }
      }
    }

    private void erase(int what) {
      if (what == 0) {
        shown.setLength(Math.min(column, shown.length()));
      } else if (what == 2) {
        shown.setLength(0);
      }
    }
  }
}
