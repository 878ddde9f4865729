package io.flatview.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What stands in the jar beside the classes. */
class PackagingTest {

  private static final Path HOST = Path.of("src", "main", "java", "io", "flatview", "mapping", "host");
  private static final Pattern BOUND = Pattern.compile(
      "bind\\(\\s*(name|\"\\w+\"),\\s*FunctionDescriptor\\.of\\(([^)]*)\\)([^;]*?)\\)(?:;|\\.invoke)", Pattern.DOTALL);
  private static final Map<String, String> TYPES =
      Map.of("WORD", "jlong", "NUMBER", "jint", "ValueLayout.ADDRESS", "void*");
  private static final Pattern VARIADIC = Pattern.compile("firstVariadicArg\\((\\d+)\\)");

  private static String resource(String name) throws IOException {
    try (InputStream stream = Mapping.class.getModule().getResourceAsStream(name)) {
      assertTrue(stream != null, name);
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theLicenceIsThere() throws IOException {
    assertTrue(resource("META-INF/LICENSE").contains("Apache License"));
  }

  /** A native image has only the calls that its metadata names: one that is missing there fails at its first use. */
  @Test
  void theMetadataForNativeImagesNamesEveryNativeCallAndNoOther() throws IOException {
    Set<String> expected = new TreeSet<>();
    int calls = 0;
    for (MatchResult call : calls()) {
      expected.add(entry(call));
      calls++;
    }
    assertEquals(6, calls, "the calls with a type of their own, and those with the type of mmap");
    String metadata = resource("META-INF/native-image/io.flatview/flatview-api/reachability-metadata.json");
    String listed = metadata.replaceAll("\\s", "");
    Set<String> found = new TreeSet<>();
    for (String one : listed.substring(listed.indexOf('[') + 1, listed.lastIndexOf(']')).split("(?<=\\}),(?=\\{)")) {
      found.add(one);
    }
    assertEquals(expected, found);
  }

  private static Iterable<MatchResult> calls() throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.list(HOST)) {
      for (Path file : files.toList()) {
        sources.append(Files.readString(file));
      }
    }
    return BOUND.matcher(sources).results().toList();
  }

  private static String entry(MatchResult call) {
    String[] types = call.group(2).split(",\\s*");
    String parameters = Stream.of(types).skip(1).map(type -> "\"" + TYPES.get(type.strip()) + "\"")
        .collect(Collectors.joining(","));
    return "{\"returnType\":\"" + TYPES.get(types[0].strip()) + "\",\"parameterTypes\":[" + parameters + "]"
        + options(call.group(3)) + "}";
  }

  private static String options(String options) {
    if (!options.contains("Errno.CAPTURED")) {
      return "";
    }
    return ",\"options\":{\"captureCallState\":true" + VARIADIC.matcher(options).results()
        .map(argument -> ",\"firstVariadicArg\":" + argument.group(1)).collect(Collectors.joining()) + "}";
  }
}
