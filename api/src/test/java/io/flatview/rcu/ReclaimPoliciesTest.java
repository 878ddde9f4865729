package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.util.List;
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

  @Test
  void theOnlyProviderIsChosen() {
    assertSame(EPOCH, ReclaimPolicies.choose(List.of(EPOCH), null));
  }

  @Test
  void aNameChoosesAmongSeveral() {
    assertSame(QSBR, ReclaimPolicies.choose(List.of(EPOCH, QSBR), "qsbr"));
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
    assertSame(QSBR, ReclaimPolicies.choose(List.of(EPOCH, QSBR, new Impostor("epoch")), "qsbr"));
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
        assertThrows(ReclaimDiscoveryException.class, () -> ReclaimPolicies.choose(providers, name)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
    }
  }
}
