package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.spi.ReclaimEngine;

class ReclaimEngineOptionsTest extends OptionsContract {

  @Override
  protected ReclaimPolicyProvider provider() {
    return new TestProvider();
  }

  private record TestProvider(String name) implements ReclaimPolicyProvider {

    private TestProvider() {
      this("test");
    }

    @Override
    public ReclaimPolicy create(ReclaimOptions options) {
      return new ReclaimEngine(TestFlavour.sound(), options);
    }
  }
}
