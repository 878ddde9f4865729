package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  void textsAreEscaped() {
    assertEquals("\"a\\\"b\\\\c\\nd\\te\\u0001f\u00e9\"\n", JsonWriter.write("a\"b\\c\nd\te\u0001f\u00e9"));
  }

  @Test
  void membersKeepTheirOrder() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("b", 1);
    members.put("a", Arrays.asList(true, null));
    assertEquals("""
        {
          "b": 1,
          "a": [
            true,
            null
          ]
        }
        """, JsonWriter.write(members));
  }

  @Test
  void whatIsEmptyTakesOneLine() {
    assertEquals("[]\n", JsonWriter.write(List.of()));
    assertEquals("{}\n", JsonWriter.write(Map.of()));
  }

  @Test
  void addressesHaveSixteenDigits() {
    assertEquals("0xffffffffffffffff", JsonWriter.hex(-1));
    assertEquals("0x0000000000001000", JsonWriter.hex(0x1000));
  }
}
