package io.flatview.iommu.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.MemorySystem;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The comparison finds faults that the model had: each is put back into its source, compiled, and compared. */
class TwinsTest {

  private static final Path SOURCES = Path.of("src/main/java/io/flatview/iommu/riscv");

  /** A fault, as an edit of a source that must still apply. */
  private enum Twin {
    A_LEAF_IS_GRANTED_OVER_INTERRUPT_FILES("IovaTranslation",
        "grant(second.address, second.mask & apart,", "grant(second.address, second.mask,"),
    A_HOLE_REACHES_OVER_INTERRUPT_FILES("IovaTranslation",
        "fault.hole() & first.mask & apart", "fault.hole() & first.mask"),
    AN_ACCESS_FAULT_OF_A_DIRECTORY_IS_THAT_OF_THE_ACCESS("ProcessDirectory",
        "return fault.cause().isAccessFault()", "return false"),
    THE_SECOND_DOUBLEWORD_OF_A_BASIC_ENTRY_COUNTS("MsiTable",
        "!isBasic(low))", "(!isBasic(low) || high != 0))"),
    A_PROCESS_THAT_IS_TOO_WIDE_IS_LEGAL("Command",
        "&& pscid() >>> capabilities.processBits() == 0", ""),
    A_MIRROR_BELIEVES_THAT_BITS_CAN_BE_SET("PageWalk",
        "if (!locate(entry, true)) {", "if (dry == null && !locate(entry, true)) {"),
    A_SUPERVISOR_FETCHES_FROM_A_USERS_PAGE("FirstStage",
        "sum && wanted != Access.FETCH", "sum"),
    A_TABLE_IS_READ_BEYOND_THE_WIDTH_OF_ADDRESSES("TableMemory",
        "    if (!capabilities.reaches(address)) {\n      return false;", "    if (false) {\n      return false;"),
    A_FENCE_STORES_BEYOND_THE_WIDTH_OF_ADDRESSES("CommandQueue",
        "capabilities.reaches(fence.dataAddress())", "true"),
    A_FILE_IS_UPDATED_BEYOND_THE_WIDTH_OF_ADDRESSES("InterruptFiles",
        "!capabilities.reaches(word)", "false"),
    A_NOTICE_GOES_BEYOND_THE_WIDTH_OF_ADDRESSES("InterruptFiles",
        "capabilities.reaches(page)", "true"),
    A_COUNTER_OF_A_PROCESS_COUNTS_WHAT_HAS_NONE("PerformanceMonitor",
        "return valid && (", "return !valid || ("),
    A_PROCESS_IS_LOOKED_FOR_TWICE("ProcessDirectory",
        "if (!load(offset + 8,", "if (!find(context, table) || !load(offset + 8,");

    private final String source;
    private final String from;
    private final String to;

    Twin(String source, String from, String to) {
      this.source = source;
      this.from = from;
      this.to = to;
    }
  }

  @TempDir
  private Path temporary;

  private static String home(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private void compile(String source, String from, String to) throws IOException, URISyntaxException {
    String original = Files.readString(SOURCES.resolve(source + ".java"));
    assertEquals(2, original.split(Pattern.quote(from), -1).length, "the edit applies once");
    Path edited = temporary.resolve(source + ".java");
    Files.writeString(edited, original.replace(from, to));
    StringWriter output = new StringWriter();
    PrintWriter printer = new PrintWriter(output);
    int result = ToolProvider.findFirst("javac").orElseThrow().run(printer, printer, "-proc:none", "-d",
        temporary.toString(), "-cp", home(RiscvIommu.class) + File.pathSeparator + home(MemorySystem.class),
        edited.toString());
    assertEquals(0, result, output::toString);
  }

  private Class<?> twin(Class<?> original) throws ClassNotFoundException {
    Class<?> type = new TwinLoader(temporary).loadClass(original.getName());
    assertFalse(type == original);
    return type;
  }

  private Supplier<?> comparison(long seed, int requests, int commands) throws ReflectiveOperationException {
    Class<?> type = twin(Comparison.class);
    return (Supplier<?>) type.getConstructor(long.class, int.class, int.class).newInstance(seed, requests, commands);
  }

  @ParameterizedTest
  @EnumSource(Twin.class)
  void aFaultThatIsPutBackIsFound(Twin twin) throws IOException, URISyntaxException, ReflectiveOperationException {
    compile(twin.source, twin.from, twin.to);
    int requests = twin.source.startsWith("Command") ? 0 : 200_000;
    String found = comparison(1, requests, 20_000).get().toString();
    assertFalse(found.isEmpty(), () -> twin + " is not found");
    assertTrue(found.lines().count() < 60, () -> "it is not made small:\n" + found);
  }

  /** Of two volatile loads, the second comes first; some time passes between them, as it may. */
  @Test
  void aContextThatIsKeptForTheWrongRegisterIsFound()
      throws IOException, URISyntaxException, ReflectiveOperationException {
    String generation = "    long generation = directory.generation();\n";
    String ddtp = "    long ddtp = directory.ddtp();\n";
    compile("IovaTranslation", generation + ddtp, ddtp + "Thread.yield();" + generation);
    Object race = twin(DirectoryRace.class).getConstructor(long.class).newInstance(60_000L);
    assertFalse(((Supplier<?>) race).get().toString().isEmpty());
  }
}
