package io.flatview.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * What a program that embeds Flatview should keep to, beyond what the compiler can tell. With JUnit 5, {@code
 * archunit-junit5} and the test-jar of {@code flatview-api} in test scope, one line adopts them:
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "com.example.machine", importOptions = ImportOption.DoNotIncludeTests.class)
 * class ArchitectureTest {
 *   @ArchTest static final ArchTests flatview = ArchTests.in(FlatviewRules.class);
 * }
 * }</pre>
 *
 * <p>Each message says what is wrong, why that is dangerous, and what to write instead. A rule that finds nothing to
 * check passes.
 */
public final class FlatviewRules {

  /**
   * Devices, translators, listeners and retired actions neither block nor wait for a grace period, nor do the methods
   * of the program that they call. Short critical sections are fine.
   */
  @ArchTest
  public static final ArchRule CALLBACKS_DO_NOT_WAIT = classes()
      .should(new WaitingCallbacks())
      .because("a callback runs in its caller's thread: a device's inside the read-side section of a vCPU, where"
          + " the guest stands still, no grace period can end, and a wait for one never returns. Instead, note what"
          + " happened and return; give slow work to an executor, and follow up with"
          + " ticket.quiesced().thenRunAsync(...)")
      .allowEmptyShould(true);

  /**
   * Sections, translations and readers are local variables and parameters. A wrapper of one may hold what it wraps,
   * and a flavour its readers. What belongs to one thread for as long as it lives, such as a vCPU, may keep that
   * thread's reader if its class says so with {@link io.flatview.rcu.ThreadConfined} and is no device, listener or
   * other callback, since those are called by all threads. A static field may not.
   */
  @ArchTest
  public static final ArchRule SECTIONS_AND_READERS_ARE_NOT_STORED = fields()
      .should(new StoredViews())
      .because("a section and a translation are valid only until the section ends, and a reader only in the thread that"
          + " registered it; what a field keeps is used later or elsewhere, and then reads memory that is already"
          + " unmapped. Instead, open the reader in the loop that uses it, try (MapReader reader ="
          + " memory.newReader(name)), pass it as a parameter, and keep the AddressSpace or the address in fields;"
          + " or mark a class of which each object is used by one thread, and which is no device or other callback, as"
          + " @ThreadConfined, and keep that thread's reader in an instance field")
      .allowEmptyShould(true);

  /**
   * Only composition names a concrete reclamation backend: a class with a {@code main} method, a Guice module, a
   * provider, the backend's own package, or a package named {@code composition}.
   */
  @ArchTest
  public static final ArchRule COMPOSITION_ALONE_NAMES_A_BACKEND = classes()
      .should(new NamedBackends())
      .because("code that names a backend can no longer be run on another, and its jar must be there to load the class."
          + " Instead, take a ReclaimPolicy as a parameter; let ReclaimPolicies.discover() or the DispatchModule find"
          + " it, or name it where the program is put together: in main, in a Guice module or in a package named"
          + " composition")
      .allowEmptyShould(true);

  /**
   * Nothing is used but what Flatview's modules export, and the engine for flavours, {@code io.flatview.rcu.spi}, only
   * in a package with a {@code ReclaimPolicyProvider}.
   */
  @ArchTest
  public static final ArchRule ONLY_THE_API_IS_USED = classes()
      .should(new HiddenClasses())
      .because("a package that is not exported changes without notice, and is absent on the module path. Instead, use"
          + " io.flatview.memory and io.flatview.rcu, made by DispatchMemory or the DispatchModule")
      .allowEmptyShould(true);

  /** A section is opened as the resource of a try statement, or right before a try whose finally closes it. */
  @ArchTest
  public static final ArchRule SECTIONS_ARE_CLOSED_BY_TRY = classes()
      .should(new LooseSections())
      .because("an exception on the way leaves the section open, and then nothing is ever reclaimed: memory grows until"
          + " the backlog is full. Instead, write try (ReadSection _ = reader.enter()) {...}")
      .allowEmptyShould(true);

  private FlatviewRules() {}
}
