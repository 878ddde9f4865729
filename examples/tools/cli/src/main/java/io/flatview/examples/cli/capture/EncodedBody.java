package io.flatview.examples.cli.capture;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes the body of a mail that was sent in base64: the lines after the header that says so, and an empty line. */
final class EncodedBody {

  private static final Pattern BODY = Pattern.compile(
      "(?im)^Content-Transfer-Encoding:[ \\t]*base64[ \\t]*\\r?\\n(?:[^\\r\\n]++\\r?\\n){0,20}\\r?\\n"
          + "((?:[A-Za-z0-9+/=]++\\r?\\n)*+[A-Za-z0-9+/=]*+)");

  private EncodedBody() {}

  /** Puts the text in place of its encoded form. */
  static String open(String text) {
    if (!text.contains("base64") && !text.contains("BASE64")) {
      return text;
    }
    Matcher body = BODY.matcher(text);
    StringBuilder open = new StringBuilder();
    while (body.find()) {
      body.appendReplacement(open, Matcher.quoteReplacement(decoded(body.group(1))));
    }
    return body.appendTail(open).toString();
  }

  private static String decoded(String body) {
    try {
      return new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return body;
    }
  }
}
