package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ReclaimPoliciesTest {

  private static final ReclaimPolicyProvider EPOCH = new Provider("epoch");
  private static final ReclaimPolicyProvider QSBR = new Provider("qsbr");

  private record Provider(String name) implements ReclaimPolicyProvider {

    @Override
    public ReclaimPolicy create(ReclaimOptions options) {
      return new EagerReclaimPolicy();
    }
  }

  private record Impostor(String name) implements ReclaimPolicyProvider {

    @Override
    public ReclaimPolicy create(ReclaimOptions options) {
      return new EagerReclaimPolicy();
    }
  }

  private static ReclaimPolicyProvider choose(List<ReclaimPolicyProvider> providers, String name) {
    return FoundProviders.of(providers.iterator()).choose(name);
  }

  @Test
  void theOnlyProviderIsChosen() {
    assertSame(EPOCH, choose(List.of(EPOCH), null));
  }

  @Test
  void aNameChoosesAmongSeveral() {
    assertSame(QSBR, choose(List.of(EPOCH, QSBR), "qsbr"));
  }

  @Test
  void noProviderIsAnErrorThatSaysWhatToAdd() {
    assertRefusal(List.of(), null, "found no reclamation flavour", "flatview-rcu-epoch");
    assertRefusal(List.of(), "epoch", "found no reclamation flavour", "flatview-rcu-epoch");
  }

  @Test
  void severalProvidersWithoutAChoiceAreAnErrorThatNamesThemAndHowToChoose() {
    assertRefusal(List.of(QSBR, EPOCH), null, "found 2", "epoch (" + Provider.class.getName() + "), qsbr",
        "-Dflatview.rcu=epoch");
  }

  @Test
  void anUnknownNameIsAnErrorThatNamesWhatWasFoundAndHowToChoose() {
    assertRefusal(List.of(QSBR, EPOCH), "hazard", "'hazard'", "epoch (", "qsbr (", "-Dflatview.rcu=<name>");
  }

  @Test
  void twoProvidersOfOneNameAreAnErrorThatNamesBothClasses() {
    assertRefusal(List.of(EPOCH, new Impostor("epoch")), "epoch", "found 2", "named 'epoch'",
        Provider.class.getName(), Impostor.class.getName());
  }

  @Test
  void onlyTheChosenNameMustBeUnique() {
    assertSame(QSBR, choose(List.of(EPOCH, QSBR, new Impostor("epoch")), "qsbr"));
  }

  /** Forbidden: a provider that a name does not choose keeps the one that it chooses from being used. */
  @Test
  void aProviderThatCannotBeUsedDoesNotHinderTheOneThatIsNamed() {
    assertSame(QSBR, withFaults().choose("qsbr"));
    assertSame(EPOCH, withFaults().choose("epoch"));
  }

  /** Forbidden: a program that was to use the one that fails uses another one, and nothing says so. */
  @Test
  void aProviderThatCannotBeUsedCountsAsFound() {
    FoundProviders found = FoundProviders.of(new Providers(
        List.of(() -> EPOCH, () -> {
          throw new ServiceConfigurationError("planted: it cannot be made");
        })));
    ReclaimDiscoveryException refusal = assertThrows(ReclaimDiscoveryException.class, () -> found.choose(null));
    assertTrue(refusal.getMessage().contains("epoch (") && refusal.getMessage().contains("planted: it cannot be made")
        && refusal.getMessage().contains("-Dflatview.rcu=epoch"), refusal.getMessage());
    assertEquals("planted: it cannot be made", refusal.getSuppressed()[0].getMessage());
  }

  @Test
  void everyProviderThatCannotBeUsedIsNamed() {
    String message = assertThrows(ReclaimDiscoveryException.class, () -> withFaults().choose("hazard")).getMessage();
    for (String part : List.of("epoch (", "qsbr (", "planted: an error", "has no name", "planted: no name")) {
      assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
    }
  }

  @Test
  void aSearchThatFailsAtEveryStepEnds() {
    FoundProviders found = FoundProviders.of(new Iterator<>() {
      @Override
      public boolean hasNext() {
        throw new ServiceConfigurationError("planted: unreadable");
      }

      @Override
      public ReclaimPolicyProvider next() {
        throw new NoSuchElementException();
      }
    });
    assertThrows(ReclaimDiscoveryException.class, () -> found.choose(null));
  }

  private static FoundProviders withFaults() {
    return FoundProviders.of(new Providers(List.of(() -> {
      throw new AssertionError("planted: an error");
    }, () -> EPOCH, () -> new Provider(null), () -> new ReclaimPolicyProvider() {
      @Override
      public String name() {
        throw new IllegalStateException("planted: no name");
      }

      @Override
      public ReclaimPolicy create(ReclaimOptions options) {
        throw new UnsupportedOperationException("planted");
      }
    }, () -> QSBR)));
  }

  /** Makes each provider when it is taken, as {@link java.util.ServiceLoader} does. */
  private static final class Providers implements Iterator<ReclaimPolicyProvider> {

    private final Iterator<Supplier<ReclaimPolicyProvider>> makers;

    Providers(List<Supplier<ReclaimPolicyProvider>> makers) {
      this.makers = makers.iterator();
    }

    @Override
    public boolean hasNext() {
      return makers.hasNext();
    }

    @Override
    public ReclaimPolicyProvider next() {
      return makers.next().get();
    }
  }

  @Test
  void withoutABackendDiscoveryFails() {
    assertThrows(ReclaimDiscoveryException.class, ReclaimPolicies::discover);
    assertThrows(ReclaimDiscoveryException.class, () -> ReclaimPolicies.discover("epoch"));
    assertThrows(NullPointerException.class, () -> ReclaimPolicies.discover((String) null));
  }

  @Test
  void thePropertyIsTheDocumentedOne() {
    assertEquals("flatview.rcu", ReclaimPolicies.PROPERTY);
  }

  private static void assertRefusal(List<ReclaimPolicyProvider> providers, String name, String... parts) {
    String message =
        assertThrows(ReclaimDiscoveryException.class, () -> choose(providers, name)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
    }
  }
}
