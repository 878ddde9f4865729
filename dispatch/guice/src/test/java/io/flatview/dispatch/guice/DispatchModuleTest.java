package io.flatview.dispatch.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Scopes;
import com.google.inject.Stage;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.util.Modules;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import jakarta.inject.Inject;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs on the module path, with no flavour there. The examples run the module on the class path, with each flavour. */
class DispatchModuleTest {

  @Qualifier
  @Retention(RetentionPolicy.RUNTIME)
  @interface Board {}

  @Qualifier
  @Retention(RetentionPolicy.RUNTIME)
  @interface Card {}

  @interface Forgetful {}

  /** What an embedding writes. */
  static final class Machine {
    final MemorySystem board;
    final MemorySystem card;

    @Inject
    Machine(@Board MemorySystem board, @Card MemorySystem card) {
      this.board = board;
      this.card = card;
    }
  }

  private static Module policy(ReclaimPolicy policy) {
    return policy(Key.get(ReclaimPolicy.class), policy);
  }

  private static Module policy(Key<ReclaimPolicy> key, ReclaimPolicy policy) {
    return binder -> OptionalBinder.newOptionalBinder(binder, key).setBinding().toInstance(policy);
  }

  @Test
  void theseTestsRunInTheNamedModule() {
    assertEquals("io.flatview.dispatch.guice", DispatchModule.class.getModule().getName());
    assertEquals("com.google.guice", Guice.class.getModule().getName());
  }

  @Test
  void oneMemorySystemOnTheBoundPolicy() {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    Injector injector = Guice.createInjector(new DispatchModule(), policy(policy));
    MemorySystem memory = injector.getInstance(MemorySystem.class);
    assertSame(memory, injector.getInstance(MemorySystem.class));
    assertSame(policy, injector.getInstance(ReclaimPolicy.class));
    memory.update(tx -> {});
    memory.newReader("one").close();
  }

  @Test
  void withoutAChoiceOfFlavourTheMessageNamesTheCure() {
    Injector injector = Guice.createInjector(new DispatchModule());
    String message =
        assertThrows(ProvisionException.class, () -> injector.getInstance(MemorySystem.class)).getMessage();
    assertNamesTheCure(message);
    assertFalse(message.contains("ReclaimDiscoveryException: "), "a stack trace is no message: " + message);
  }

  @Test
  void inProductionTheInjectorIsNotMade() {
    assertNamesTheCure(assertThrows(CreationException.class,
        () -> Guice.createInjector(Stage.PRODUCTION, new DispatchModule())).getMessage());
  }

  private static void assertNamesTheCure(String message) {
    assertTrue(message.contains("leave one jar on the class path or module path, or choose one with -D"), message);
    assertTrue(message.contains("OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class)"), message);
  }

  @Test
  void inProductionNothingIsLookedForIfAPolicyIsBound() {
    Guice.createInjector(Stage.PRODUCTION, new DispatchModule(), policy(new ManualReclaimPolicy()));
  }

  @Test
  void overridingModulesReplaceThePolicyToo() {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    Module mine = binder -> binder.bind(ReclaimPolicy.class).toInstance(policy);
    Injector injector = Guice.createInjector(Modules.override(new DispatchModule()).with(mine));
    injector.getInstance(MemorySystem.class);
    assertSame(policy, injector.getInstance(ReclaimPolicy.class));
  }

  @Test
  void annotationsTellMemorySystemsApart() {
    Injector injector = Guice.createInjector(
        new DispatchModule(), DispatchModule.annotatedWith(Board.class), DispatchModule.annotatedWith(Card.class),
        policy(new ManualReclaimPolicy()));
    Machine machine = injector.getInstance(Machine.class);
    assertNotSame(machine.board, machine.card);
    assertNotSame(machine.board, injector.getInstance(MemorySystem.class));
    assertSame(machine.board, injector.getInstance(Key.get(MemorySystem.class, Board.class)));
    assertSame(
        injector.getInstance(ReclaimPolicy.class), injector.getInstance(Key.get(ReclaimPolicy.class, Board.class)));
  }

  @Test
  void memorySystemsAreNamedAfterTheirAnnotationsOrTheirOptions() {
    Injector injector = Guice.createInjector(
        DispatchModule.annotatedWith(Board.class), DispatchModule.annotatedWith(Card.class),
        policy(new ManualReclaimPolicy()),
        binder -> OptionalBinder.newOptionalBinder(binder, Key.get(DispatchOptions.class, Card.class))
            .setBinding().toInstance(DispatchOptions.defaults().withName("graphics")));
    Machine machine = injector.getInstance(Machine.class);
    assertTrue(machine.board.toString().startsWith("memory system 'Board'"), machine.board::toString);
    assertTrue(machine.card.toString().startsWith("memory system 'graphics'"), machine.card::toString);
  }

  @Test
  void oneOfSeveralMayHaveAPolicyAndOptionsOfItsOwn() {
    ManualReclaimPolicy shared = new ManualReclaimPolicy();
    ManualReclaimPolicy own = new ManualReclaimPolicy();
    DispatchOptions small = DispatchOptions.defaults().withPageSize(256);
    Injector injector = Guice.createInjector(
        DispatchModule.annotatedWith(Board.class), DispatchModule.annotatedWith(Card.class),
        policy(shared), policy(Key.get(ReclaimPolicy.class, Card.class), own),
        binder -> OptionalBinder.newOptionalBinder(binder, Key.get(DispatchOptions.class, Card.class))
            .setBinding().toInstance(small));
    injector.getInstance(Key.get(MemorySystem.class, Card.class)).newReader("card");
    assertEquals(0, shared.statistics().readers());
    assertEquals(1, own.statistics().readers());
    assertSame(small, injector.getInstance(Key.get(DispatchOptions.class, Card.class)));
    assertEquals(DispatchOptions.defaults(), injector.getInstance(Key.get(DispatchOptions.class, Board.class)));
  }

  @Test
  void anAnnotationThatGuiceCannotSeeIsNamedWithTheCure() {
    String message = assertThrows(CreationException.class,
        () -> Guice.createInjector(DispatchModule.annotatedWith(Forgetful.class))).getMessage();
    assertTrue(message.contains("DispatchModule.annotatedWith(Forgetful.class) needs a binding annotation"), message);
    assertTrue(message.contains("with @Qualifier and @Retention(RetentionPolicy.RUNTIME)"), message);
  }

  @Test
  void anEqualModuleInstalledTwiceIsOne() {
    Module twice = Modules.combine(new DispatchModule(), DispatchModule.annotatedWith(Board.class));
    Guice.createInjector(
        twice, new DispatchModule(), DispatchModule.annotatedWith(Board.class), policy(new ManualReclaimPolicy()));
  }

  @Test
  void theInsidesAreHidden() {
    Injector injector = Guice.createInjector(new DispatchModule(), policy(new ManualReclaimPolicy()));
    assertThrows(ConfigurationException.class, () -> injector.getInstance(DispatchMemory.class));
  }

  @Test
  void whatWasBoundToAnInstanceStaysOpen() {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    MemorySystem card = DispatchMemory.create(policy);
    AddressSpace space = card.addressSpace("card", card.container("card", Size.FULL));
    Injector injector = Guice.createInjector(new DispatchModule(), policy(policy),
        binder -> binder.bind(Key.get(MemorySystem.class, Card.class)).toInstance(card),
        binder -> binder.bind(AddressSpace.class).toInstance(space));
    MemorySystem memory = injector.getInstance(MemorySystem.class);
    injector.getInstance(FlatviewLifecycle.class).close();
    assertThrows(IllegalStateException.class, memory::begin);
    assertEquals(List.of(space), card.addressSpaces());
    policy.register("still open").close();
  }

  /** Forbidden: the thread of a policy that only the injector knows runs on. */
  @Test
  void singletonsOfTheProgramsOwnProvidersAreClosedToo() {
    Injector injector = Guice.createInjector(new DispatchModule(),
        binder -> OptionalBinder.newOptionalBinder(binder, ReclaimPolicy.class).setBinding()
            .toProvider(ManualReclaimPolicy::new).in(Scopes.SINGLETON),
        binder -> binder.bind(Key.get(MemorySystem.class, Card.class)).toProvider(
            () -> DispatchMemory.create(new ManualReclaimPolicy())).in(Scopes.SINGLETON));
    ReclaimPolicy policy = injector.getInstance(ReclaimPolicy.class);
    MemorySystem board = injector.getInstance(MemorySystem.class);
    MemorySystem card = injector.getInstance(Key.get(MemorySystem.class, Card.class));
    injector.getInstance(FlatviewLifecycle.class).close();
    assertThrows(IllegalStateException.class, board::begin);
    assertThrows(IllegalStateException.class, card::begin);
    assertThrows(IllegalStateException.class, () -> policy.register("late"));
  }

  @Test
  void afterTheEndNothingIsMade() {
    Injector injector = Guice.createInjector(new DispatchModule(), policy(new ManualReclaimPolicy()));
    injector.getInstance(FlatviewLifecycle.class).close();
    String message =
        assertThrows(ProvisionException.class, () -> injector.getInstance(MemorySystem.class)).getMessage();
    assertTrue(message.contains("make another injector"), message);
  }
}
