package com.example.machine;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import io.flatview.dispatch.guice.DispatchModule;
import io.flatview.dispatch.guice.FlatviewLifecycle;
import io.flatview.rcu.ReclaimPolicy;

/** Says on which flavour it runs, and whether on the class path or the module path. */
public final class Main {

  private Main() {}

  /**
   * Runs it.
   *
   * @param args no arguments are used
   */
  public static void main(String[] args) {
    Injector injector =
        Guice.createInjector(DispatchModule.annotatedWith(Board.class), DispatchModule.annotatedWith(Card.class));
    try (FlatviewLifecycle _ = injector.getInstance(FlatviewLifecycle.class)) {
      Machine machine = injector.getInstance(Machine.class);
      System.out.printf("%s on the %s path: %x%n", injector.getInstance(ReclaimPolicy.class).name(),
          Main.class.getModule().isNamed() ? "module" : "class", machine.run());
    } catch (ProvisionException e) {
      e.getErrorMessages().forEach(message -> System.err.println(message.getMessage()));
      System.exit(1);
    }
  }
}
